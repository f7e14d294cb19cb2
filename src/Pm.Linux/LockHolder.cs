namespace Pm.Linux;

/// <summary>Who holds a lock.</summary>
/// <param name="ProcessId">A process that is alive, as seen from here.</param>
/// <param name="Command">Its command line, or what it said of itself.</param>
/// <param name="Since">When it took the lock, where that is known.</param>
/// <param name="IsStopped">It does nothing until it is told to go on (SIGSTOP, ^Z), so waiting for it is in vain.</param>
public sealed record LockHolder(int ProcessId, string Command, DateTimeOffset? Since, bool IsStopped = false)
{
    public override string ToString() => $"process {ProcessId} ({Command})" + (Since is { } since ? $" since {since:u}" : "") + (IsStopped ? ", which is stopped" : "");
}
