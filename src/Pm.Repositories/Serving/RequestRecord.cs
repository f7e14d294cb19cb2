using System.Net;

namespace Pm.Repositories.Serving;

/// <summary>A request that has ended.</summary>
public readonly record struct RequestRecord
{
    /// <summary>Null: over a unix socket.</summary>
    public IPAddress? Client { get; init; }

    public string? User { get; init; }

    public DateTime End { get; init; }

    public TimeSpan Duration { get; init; }

    public string Method { get; init; }

    /// <summary>As it was sent.</summary>
    public string Target { get; init; }

    public string Protocol { get; init; }

    public int Status { get; init; }

    /// <summary>Of the body.</summary>
    public long Bytes { get; init; }

    public string? Referer { get; init; }

    public string? Agent { get; init; }
}
