namespace Pm.Packages.Zip;

/// <summary>Compression methods. Source: APPNOTE 4.4.5.</summary>
static class ZipMethod
{
    public const int Stored = 0;
    public const int Deflate = 8;
    public const int Bzip2 = 12;
    public const int Zstandard = 93;
    public const int Xz = 95;

    public static bool IsKnown(int method) => method is Stored or Deflate or Bzip2 or Zstandard or Xz;
}
