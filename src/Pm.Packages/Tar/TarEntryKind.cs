namespace Pm.Packages.Tar;

/// <summary>What an entry makes. Source: POSIX.1-2017 pax, "ustar Interchange Format", typeflag.</summary>
public enum TarEntryKind
{
    File,
    HardLink,
    Symlink,
    Directory,
    CharacterDevice,
    BlockDevice,
    Fifo,

    /// <summary>A type of one vendor that makes nothing we know, such as a continued GNU multi-volume file.</summary>
    Other,
}
