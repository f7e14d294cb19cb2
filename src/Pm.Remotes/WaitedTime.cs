namespace Pm.Remotes;

/// <summary>How long one place was waited for, while it gave one file: a limit that began anew at each break would be none.</summary>
sealed class WaitedTime
{
    public TimeSpan Total { get; set; }
}
