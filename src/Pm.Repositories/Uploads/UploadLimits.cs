namespace Pm.Repositories.Uploads;

/// <summary>How much strangers with a token may lay down in a repository.</summary>
public sealed record UploadLimits
{
    /// <summary>Of one <c>.pkg</c>, in bytes.</summary>
    public long PackageSize { get; init; } = 4L << 30;

    /// <summary>Of everything that lies there unpublished, in bytes.</summary>
    public long StagedSize { get; init; } = 32L << 30;

    /// <summary>How many uploads of one token may be unfinished at a time.</summary>
    public int UnfinishedUploads { get; init; } = 64;

    /// <summary>How many packages one request publishes at most.</summary>
    public int PackagesPerRequest { get; init; } = 1000;

    /// <summary>How long an upload is kept that nobody publishes or goes on with.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(1);
}
