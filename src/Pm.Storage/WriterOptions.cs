using Pm.Linux;

namespace Pm.Storage;

/// <summary>How a writer takes its locks.</summary>
public sealed record WriterOptions
{
    /// <summary>The command line; others that wait are told it.</summary>
    public required string Holder { get; init; }

    /// <summary>How long to wait for each lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told once, for each lock that is busy, who holds it.</summary>
    public Action<LockHolder?>? Waiting { get; init; }
}
