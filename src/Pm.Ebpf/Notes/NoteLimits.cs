namespace Pm.Ebpf.Notes;

/// <summary>What notes may have.</summary>
public static class NoteLimits
{
    /// <summary>Bytes of all of them.</summary>
    public const int Size = 256 * 1024;

    /// <summary>Entries of each list: more than an object may have globals or maps is none's.</summary>
    public const int Entries = 4096;

    /// <summary>Characters of a name or of a line.</summary>
    public const int Line = 1000;

    /// <summary>Characters of a description.</summary>
    public const int Text = 64 * 1024;

    public const int Depth = 8;

    /// <summary>How rarely a map may be read.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);
}
