using System.Buffers;
using System.Globalization;
using System.Text;
using Pm.Blobs;

namespace Pm.Packages;

/// <summary>The line format of <c>meta/modes</c>. Source: docs/formats/modes.md.</summary>
static class ModeLine
{
    const int MaximumTargetLength = 4095;

    /// <summary>Longest user or group name; LOGIN_NAME_MAX without its NUL is larger, useradd(8) allows 32.</summary>
    const int MaximumAccountLength = 32;

    static readonly SearchValues<char> AccountCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-$");

    static readonly string[] AttributeOrder = ["owner", "group", "cap", "root"];

    public static void Append(StringBuilder text, ModeEntry entry)
    {
        text.Append(entry.Path).Append('\t').Append(entry.Kind switch
        {
            EntryKind.File => 'f',
            EntryKind.Directory => 'd',
            _ => 'l',
        });
        text.Append('\t').Append(entry.Kind == EntryKind.Symlink ? entry.Target : Octal(entry.Mode));
        Attribute(text, "owner", entry.Owner);
        Attribute(text, "group", entry.Group);
        Attribute(text, "cap", entry.Capabilities);
        Attribute(text, "root", entry.Root?.ToString());
        text.Append('\n');
    }

    public static ModeEntry Parse(string line, string where)
    {
        var fields = line.Split('\t');
        if (fields.Length < 3 || fields[1] is not ("f" or "d" or "l"))
        {
            throw new PackageFormatException(
                "PM2007", $"line {Shown.Quote(line)}: expected path TAB f|d|l TAB mode or target, separated by TABs", where);
        }

        var entry = fields[1] switch
        {
            "f" => new ModeEntry(fields[0], EntryKind.File, Mode(fields[2], where)),
            "d" => new ModeEntry(fields[0], EntryKind.Directory, Mode(fields[2], where)),
            _ => new ModeEntry(fields[0], EntryKind.Symlink, PackageEntry.SymlinkMode, fields[2]),
        };
        var last = -1;
        foreach (var field in fields.AsSpan(3))
        {
            var equals = field.IndexOf('=');
            var index = equals < 0 ? -1 : Array.IndexOf(AttributeOrder, field[..equals]);
            if (index <= last)
            {
                throw new PackageFormatException(
                    "PM2007", $"attribute {Shown.Quote(field)}: expected owner=, group=, cap=, root= in this order, each once", where);
            }

            last = index;
            entry = With(entry, index, field[(equals + 1)..], where);
        }

        Check(entry, where);
        return entry;
    }

    /// <exception cref="PackageFormatException">PM2007, PM2004: <paramref name="entry"/> has no line, or says nothing.</exception>
    public static void Check(ModeEntry entry, string where)
    {
        PackagePath.Check(entry.Path, where);
        var fault = AccountFault(entry) ?? entry.Kind switch
        {
            EntryKind.Symlink => LinkFault(entry),
            _ when entry.Target is not null => "only a symlink has a target",
            _ when entry.Mode is < 0 or > 0b111_111_111_111 => "the mode is out of range",
            EntryKind.File => FileFault(entry),
            _ when entry.Capabilities is not null || entry.Root is not null => "a directory has neither capabilities nor a root",
            _ => null,
        };
        if (fault is not null)
        {
            throw new PackageFormatException("PM2007", $"path {Shown.Quote(entry.Path)}: {fault}", where);
        }
    }

    static string? AccountFault(ModeEntry entry) =>
        entry.Owner is not null && !IsAccount(entry.Owner) ? $"owner {Shown.Quote(entry.Owner)} is not a user name"
        : entry.Group is not null && !IsAccount(entry.Group) ? $"group {Shown.Quote(entry.Group)} is not a group name"
        : entry.Owner == "root" || entry.Group == "root" ? "root needs no saying"
        : null;

    static string? LinkFault(ModeEntry entry) =>
        entry.Target is null or "" ? "the symlink has no target"
        : PackagePath.TextFault(entry.Target, MaximumTargetLength) is { } fault
            ? $"target {Shown.Quote(entry.Target)}: {fault}"
        : entry.Mode != PackageEntry.SymlinkMode ? "a symlink has no mode of its own"
        : entry.Capabilities is not null || entry.Root is not null ? "a symlink has neither capabilities nor a root"
        : null;

    static string? FileFault(ModeEntry entry) =>
        entry.Capabilities is not null && !IsCapabilities(entry.Capabilities)
            ? "`cap` is not the bytes of security.capability in lower-case hexadecimal digits"
        : entry.Root is null && !Contents.CanExpress(entry.Path)
            ? "meta/contents cannot express the path, so root= must stand here"
        : entry.Root is not null && Contents.CanExpress(entry.Path)
            ? "meta/contents can express the path, so root= must not stand here"
        : entry is { Mode: PackageEntry.FileMode, Owner: null, Group: null, Capabilities: null, Root: null }
            ? "the line says what goes without saying"
        : null;

    static ModeEntry With(ModeEntry entry, int attribute, string value, string where) => attribute switch
    {
        0 => entry with { Owner = value },
        1 => entry with { Group = value },
        2 => entry with { Capabilities = value },
        _ => MerkleRoot.TryParse(value, null, out var root) && root.ToString() == value
            ? entry with { Root = root }
            : throw new PackageFormatException("PM2007", $"root {Shown.Quote(value)}: expected 64 lower-case hexadecimal digits", where),
    };

    static void Attribute(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append('\t').Append(name).Append('=').Append(value);
        }
    }

    static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    static int Mode(string text, string where)
    {
        if (text.Length != 4 || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            throw new PackageFormatException("PM2007", $"mode {Shown.Quote(text)}: expected four octal digits", where);
        }

        return text.Aggregate(0, static (mode, digit) => (mode << 3) | (digit - '0'));
    }

    static bool IsAccount(string name) =>
        name.Length is > 0 and <= MaximumAccountLength
        && !name.StartsWith('-')
        && !name.AsSpan().ContainsAnyExcept(AccountCharacters)
        && !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>Revisions 1, 2 and 3 of the attribute have 12, 20 and 24 bytes. Source: linux/capability.h.</summary>
    static bool IsCapabilities(string hex) =>
        hex.Length is 24 or 40 or 48 && hex.All(char.IsAsciiHexDigitLower);
}
