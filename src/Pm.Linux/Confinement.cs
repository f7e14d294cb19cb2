namespace Pm.Linux;

/// <summary>
/// What a child may still do that is not trusted with all that pm may do. It reads and runs what pm could; it changes only what
/// stands here. Whatever the child starts is confined too, nothing lifts it, and what is left of it when the child ends is ended.
/// </summary>
public sealed record Confinement
{
    /// <summary>Absolute paths of directories in which it may change everything, and of files that it may write to.</summary>
    public required IReadOnlyList<string> Writable { get; init; }

    /// <summary>
    /// Absolute paths of directories beneath one of <see cref="Writable"/> that it may not change all the same, and whose parents it may not
    /// rename; only where a super-user runs it.
    /// </summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Whether it may make sockets; without, it reaches no network, and no service of this machine either.</summary>
    public bool AllowsNetwork { get; init; }

    /// <summary>The most address space that each of its processes may have, in bytes; null: no limit.</summary>
    public long? MemoryLimit { get; init; }
}
