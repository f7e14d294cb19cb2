namespace Pm.Storage;

/// <summary>What verification says of one path.</summary>
public enum VerificationKind
{
    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>The content is another.</summary>
    Changed,

    /// <summary>A directory, link or special file is where a file should be, or the other way round.</summary>
    WrongKind,

    /// <summary>The permission bits differ.</summary>
    Mode,

    /// <summary>Another user or group owns it.</summary>
    Owner,

    /// <summary>It may do more than it was given: capabilities of the file differ.</summary>
    Capabilities,

    /// <summary>It cannot be read, so nobody knows what is in it.</summary>
    Unreadable,

    /// <summary>A symbolic link points elsewhere.</summary>
    Target,

    /// <summary>A configuration file that somebody edited or removed: allowed, told, not damage.</summary>
    Edited,

    /// <summary>The store's own copy is damaged; every root that links it has the same wrong bytes.</summary>
    DamagedBlob,

    /// <summary>The store lacks a blob, so a root that needs it could not be mended.</summary>
    MissingBlob,

    /// <summary>The store's own record of a package is damaged or missing.</summary>
    DamagedPackage,
}
