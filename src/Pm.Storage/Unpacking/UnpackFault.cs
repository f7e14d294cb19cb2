using Pm.Packages;

namespace Pm.Storage.Unpacking;

/// <summary>Why an archive is not unpacked. Texts from the archive are escaped.</summary>
static class UnpackFault
{
    public static PackageFormatException NotAnArchive(string name) =>
        new("PM2211", "expected a tar (plain or in gzip, bzip2, xz, zstd), zip or far archive", name);

    public static PackageFormatException Outside(string where, string message) =>
        new("PM2212", message, where);

    public static PackageFormatException Special(string where, string what) =>
        new("PM2213", $"the entry is {what}", where);

    public static PackageFormatException Taken(string where, string message, string? hint = null) =>
        new("PM2214", message, where, hint);

    public static PackageFormatException BeyondLimit(string where, string what, long limit) =>
        new("PM2203", $"{what}: at most {limit}, got more", where);
}
