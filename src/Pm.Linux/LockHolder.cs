namespace Pm.Linux;

/// <summary>Who holds a lock.</summary>
/// <param name="ProcessId">A process that is alive, as seen from here.</param>
/// <param name="Command">Its command line, or what it said of itself.</param>
/// <param name="Since">When it took the lock, where that is known.</param>
public sealed record LockHolder(int ProcessId, string Command, DateTimeOffset? Since)
{
    public override string ToString() => $"process {ProcessId} ({Command})" + (Since is { } since ? $" since {since:u}" : "");
}
