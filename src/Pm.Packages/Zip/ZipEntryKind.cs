namespace Pm.Packages.Zip;

/// <summary>What an entry makes, as its name and its Unix mode say.</summary>
public enum ZipEntryKind
{
    File,
    Directory,
    Symlink,

    /// <summary>A device, FIFO or socket.</summary>
    Other,
}
