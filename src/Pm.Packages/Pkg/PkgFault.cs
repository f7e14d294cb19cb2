namespace Pm.Packages.Pkg;

/// <summary>The faults of a <c>.pkg</c>.</summary>
static class PkgFault
{
    public static PackageFormatException Structure(string where, string message, string? hint = null) =>
        new("PM2301", message, where, hint);

    public static PackageFormatException Digest(string where, object expected, object actual, Exception? inner = null) =>
        new("PM2302", $"expected {expected} as the manifest says, got {actual}", where, inner: inner);

    public static PackageFormatException Bom(string where, string message) => new("PM2303", message, where);

    public static PackageFormatException Hash(string where, object expected, object actual) =>
        new("PM2304", $"expected the package hash {expected}, got {actual}", where);

    public static PackageFormatException OutsideLink(string where, string target) =>
        new("PM2212", $"the symbolic link leads outside the package's tree: `{PathText.Show(target)}`", where);
}
