namespace Pm.Storage.Unpacking;

public enum ArchiveKind
{
    Tar,
    Zip,
    Far,
}
