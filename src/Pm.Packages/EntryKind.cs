namespace Pm.Packages;

public enum EntryKind
{
    File,
    Directory,
    Symlink,
}
