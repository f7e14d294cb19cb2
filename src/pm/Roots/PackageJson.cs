using System.Globalization;
using System.Text.Json;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>How packages and their entries look in every <c>--json</c>.</summary>
static class PackageJson
{
    /// <summary>The members of an installed package, into an object that is open.</summary>
    public static void WriteInstalled(Utf8JsonWriter json, InstalledPackage package)
    {
        json.WriteString("name"u8, package.Id.Name.Text);
        json.WriteString("version"u8, package.Id.Version.Text);
        json.WriteString("remote"u8, package.Remote);
        json.WriteString("hash"u8, package.Hash.ToString());
        json.WriteString("signer"u8, package.Signer?.ToString());
        json.WriteBoolean("asked"u8, package.IsAsked);
        json.WriteBoolean("pinned"u8, package.IsPinned);
    }

    /// <summary>What a package puts at a path, as an object; its size in bytes where that is known.</summary>
    public static void WriteEntry(Utf8JsonWriter json, PackageEntry entry, long? size)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, PathText.Show(entry.Path));
        json.WriteString("kind"u8, Kind(entry.Kind));
        json.WriteString("mode"u8, Mode(entry));
        if (entry.Kind is EntryKind.File)
        {
            json.WriteString("hash"u8, entry.Root.ToString());
        }

        if (size is { } bytes)
        {
            json.WriteNumber("size"u8, bytes);
        }

        if (entry.Target is { } target)
        {
            json.WriteString("target"u8, PathText.Show(target));
        }

        json.WriteEndObject();
    }

    /// <summary>Four octal digits.</summary>
    public static string Mode(PackageEntry entry) => Convert.ToString(entry.Mode, 8).PadLeft(4, '0');

    public static string Kind(EntryKind kind) => kind switch
    {
        EntryKind.File => "file",
        EntryKind.Directory => "directory",
        _ => "symlink",
    };

    /// <summary>A time for programs: UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
