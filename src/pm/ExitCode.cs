namespace Pm.Cli;

/// <summary>How a command ended. The codes of units are those of systemctl and the LSB; `pm run` gives its child's code.</summary>
enum ExitCode
{
    Ok = 0,
    Failed = 1,
    Usage = 2,
    NotRunning = 3,
    NotFound = 4,
    NotPermitted = 5,
    Invalid = 6,
    Refused = 7,
    Findings = 8,
    Conflict = 9,
    Unreachable = 10,
    LockBusy = 11,
    RolledBack = 12,
    Partial = 13,
    Temporary = 75,
    CannotRun = 126,
    Interrupted = 130,
    BrokenPipe = 141,
}
