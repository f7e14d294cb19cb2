namespace Pm.Packages;

/// <summary>Permissions where an archive states none.</summary>
static class PackageModes
{
    public const int File = 0b110_100_100;
    public const int Directory = 0b111_101_101;
}
