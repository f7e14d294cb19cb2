namespace Pm.Packages;

/// <summary>The faults that every archive reader can report, worded alike.</summary>
static class ArchiveFault
{
    public static PackageFormatException Malformed(string where, string message, Exception? inner = null) =>
        new("PM2201", message, where, inner: inner);

    public static PackageFormatException Truncated(string where, string what) =>
        new("PM2202", $"the archive ends inside {what}", where);

    public static PackageFormatException BeyondLimit(string where, string what, long actual, long limit) =>
        new("PM2203", $"{what}: at most {limit}, got {(actual < 0 ? "more" : actual.ToString())}", where);

    public static PackageFormatException Unsupported(string where, string message) =>
        new("PM2204", message, where);
}
