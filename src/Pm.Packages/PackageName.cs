using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pm.Packages;

/// <summary>The name of a package: <c>[owner/]name</c>, each part <c>[a-z0-9][a-z0-9._+-]*</c> without <c>--</c>.</summary>
/// <remarks>Compared by its ASCII bytes. Source: docs/formats/package.md.</remarks>
public readonly record struct PackageName : IComparable<PackageName>
{
    /// <summary>Longest text in bytes, the owner and the slash included.</summary>
    /// <remarks>So that <c>owner--name-version.pkg</c> stays below the 255 bytes of a file name.</remarks>
    public const int MaximumLength = 100;

    const string Rule = "a-z, 0-9 and . _ + - (first a letter or digit, no --), at most 100 bytes, as [owner/]name";

    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._+-");

    readonly string? _text;

    PackageName(string text) => _text = text;

    /// <summary><c>name</c> or <c>owner/name</c>.</summary>
    public string Text => _text ?? "";

    /// <summary>The part before the slash; null when there is none.</summary>
    public string? Owner => Text.IndexOf('/') is var slash and >= 0 ? Text[..slash] : null;

    /// <summary>The part after the slash, or all of it.</summary>
    public string Name => Text[(Text.IndexOf('/') + 1)..];

    /// <summary>The name as file names and <c>meta/package</c> write it: <c>owner--name</c>.</summary>
    public string FileText => Text.Replace("/", "--", StringComparison.Ordinal);

    public static bool TryParse([NotNullWhen(true)] string? text, out PackageName name)
    {
        name = text is not null && IsName(text) ? new PackageName(text) : default;
        return name._text is not null;
    }

    /// <exception cref="PackageFormatException">PM2001: <paramref name="text"/> is not a package name.</exception>
    public static PackageName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new PackageFormatException("PM2001", $"package name {Shown.Quote(text)}: expected {Rule}");

    /// <summary>Reads what <see cref="FileText"/> writes.</summary>
    /// <exception cref="PackageFormatException">PM2001: <paramref name="text"/> is not such a name.</exception>
    public static PackageName FromFileText(string text) =>
        TryFromFileText(text, out var name)
            ? name
            : throw new PackageFormatException("PM2001", $"package name {Shown.Quote(text)}: expected owner--name or name");

    /// <summary>Reads what <see cref="FileText"/> writes.</summary>
    public static bool TryFromFileText(string? text, out PackageName name)
    {
        // The last "--" separates: an owner may end in '-', but no name begins with it. A slash belongs to the other form.
        var at = text?.LastIndexOf("--", StringComparison.Ordinal) ?? -1;
        name = default;
        return text is not null && !text.Contains('/')
            && TryParse(at < 0 ? text : $"{text.AsSpan(0, at)}/{text.AsSpan(at + 2)}", out name);
    }

    /// <summary>Makes a name of a title from elsewhere: lower case, what no name may hold becomes one '-'.</summary>
    /// <remarks>"Visual Studio Code" → <c>visual-studio-code</c>, "@types/node" → <c>types/node</c>.</remarks>
    /// <exception cref="PackageFormatException">PM2001: nothing is left, or it is too long.</exception>
    public static PackageName Import(string shown)
    {
        var lower = shown.ToLowerInvariant();
        var slash = lower.IndexOf('/');
        var text = slash < 0 ? Part(lower) : $"{Part(lower[..slash])}/{Part(lower[(slash + 1)..])}";
        return TryParse(text, out var name)
            ? name
            : throw new PackageFormatException("PM2001", $"title {Shown.Quote(shown)}: no package name can be made of it");
    }

    public int CompareTo(PackageName other) => string.CompareOrdinal(Text, other.Text);

    public static bool operator <(PackageName left, PackageName right) => left.CompareTo(right) < 0;

    public static bool operator >(PackageName left, PackageName right) => left.CompareTo(right) > 0;

    public static bool operator <=(PackageName left, PackageName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PackageName left, PackageName right) => left.CompareTo(right) >= 0;

    public override string ToString() => Text;

    static bool IsName(string text)
    {
        var slash = text.IndexOf('/');
        return text.Length <= MaximumLength
            && (slash < 0 || IsPart(text.AsSpan(0, slash)))
            && IsPart(text.AsSpan(slash + 1));
    }

    static bool IsPart(ReadOnlySpan<char> part) =>
        part.Length > 0
        && char.IsAsciiLetterOrDigit(part[0])
        && !part.ContainsAnyExcept(Allowed)
        && !part.Contains("--", StringComparison.Ordinal);

    static string Part(string lower)
    {
        var part = new StringBuilder(lower.Length);
        foreach (var c in lower)
        {
            var kept = Allowed.Contains(c) ? c : '-';
            if (part.Length == 0 ? char.IsAsciiLetterOrDigit(kept) : kept != '-' || part[^1] != '-')
            {
                part.Append(kept);
            }
        }

        return part.ToString().TrimEnd('-');
    }
}
