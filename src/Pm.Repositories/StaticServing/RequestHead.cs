using Pm.Repositories.Serving;

namespace Pm.Repositories.StaticServing;

/// <summary>What a request says before its body, as far as a server of files needs it.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Target">As sent.</param>
sealed record RequestHead(string Method, string Target)
{
    /// <summary>HTTP/1.0 ends a connection after each answer.</summary>
    public required bool IsFirstVersion { get; init; }

    public required FileConditions Conditions { get; init; }

    public string? AcceptEncoding { get; init; }

    public string? Agent { get; init; }

    public string? Referer { get; init; }

    /// <summary>The client said that it is the last, or how long its body is: which nobody reads.</summary>
    public bool IsLast { get; init; }

    public string Protocol => IsFirstVersion ? "HTTP/1.0" : "HTTP/1.1";
}
