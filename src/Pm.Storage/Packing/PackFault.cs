using Pm.Packages;

namespace Pm.Storage.Packing;

/// <summary>Why a directory cannot become a package.</summary>
static class PackFault
{
    public static PackageFormatException Source(string where, string message, string? hint = null) =>
        new("PM2306", message, where, hint);

    public static PackageFormatException Changed(string where) =>
        new("PM2307", "the file changed while it was packed", where);

    public static PackageFormatException Special(string where, string what) =>
        new("PM2213", $"a package cannot hold {what}", where);

    public static PackageFormatException OutsideLink(string where, string target) =>
        new("PM2212", $"the symbolic link leads outside the package: `{PathText.Show(target)}`", where,
            "pm pkg create --allow-outside-links");
}
