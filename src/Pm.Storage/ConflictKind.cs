namespace Pm.Storage;

/// <summary>Why a path cannot be given to a package.</summary>
public enum ConflictKind
{
    /// <summary>Two packages bring the path with different content, mode or kind.</summary>
    TwoPackages,

    /// <summary>It exists on disk, belongs to no package and holds something else.</summary>
    Foreign,

    /// <summary>A file stands where a directory is needed, or a directory with foreign files where a file is.</summary>
    WrongKind,

    /// <summary>A parent directory is a symbolic link. pm never writes through one, wherever it leads.</summary>
    ThroughLink,

    /// <summary>The path is pm's own: its state, its cache, or a name it uses during a transaction.</summary>
    Reserved,
}
