using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Pm.Packages.Versions;

namespace Pm.Packages;

/// <summary>A version, kept as written; ordered by one total order in which SemVer 2.0 versions keep SemVer's.</summary>
/// <remarks>
/// Equal only when written alike. Two texts of one precedence (<c>1.0.0+a</c>, <c>1.0.0+b</c>; <c>2.10</c>, <c>2.10.0</c>)
/// are ordered by their bytes, so that sorting is deterministic; <see cref="HasPrecedenceOf"/> tells them apart from
/// really newer ones. Source: docs/formats/versions.md, Semantic Versioning 2.0.0 §9–11.
/// </remarks>
public sealed class PackageVersion : IComparable<PackageVersion>, IEquatable<PackageVersion>
{
    /// <summary>Longest text in bytes.</summary>
    public const int MaximumLength = 100;

    const string Rule = "a letter or digit, then letters, digits and . _ + - ~ ^ : , ! (at most 100)";

    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-~^:,!");

    readonly VersionKey _key;

    PackageVersion(string text)
    {
        Text = text;
        IsSemantic = SemanticSyntax.IsValid(text);
        _key = VersionKey.Of(text);
    }

    public string Text { get; }

    /// <summary>Whether the text is a version of SemVer 2.0 (<c>v1.0.0</c> is not).</summary>
    public bool IsSemantic { get; }

    /// <summary>Whether the version comes before its own release: <c>1.0.0-rc.1</c>, <c>1.0b2</c>, <c>2.0~git1</c>.</summary>
    public bool IsPreRelease => _key.IsPreRelease;

    internal VersionKey Key => _key;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PackageVersion? version)
    {
        version = text is { Length: > 0 and <= MaximumLength }
            && char.IsAsciiLetterOrDigit(text[0])
            && !text.AsSpan().ContainsAnyExcept(Allowed)
                ? new PackageVersion(text)
                : null;
        return version is not null;
    }

    /// <exception cref="PackageFormatException">PM2002: <paramref name="text"/> is not a version.</exception>
    public static PackageVersion Parse(string text) =>
        TryParse(text, out var version)
            ? version
            : throw new PackageFormatException("PM2002", $"version {Shown.Quote(text)}: expected {Rule}");

    /// <summary>Whether neither of the two is newer: they differ in build metadata or in spelling alone.</summary>
    public bool HasPrecedenceOf(PackageVersion other) => _key.CompareTo(other._key) == 0;

    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var precedence = _key.CompareTo(other._key);
        return precedence != 0 ? precedence : string.CompareOrdinal(Text, other.Text);
    }

    public bool Equals(PackageVersion? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as PackageVersion);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    public static bool operator ==(PackageVersion? left, PackageVersion? right) => Equals(left, right);

    public static bool operator !=(PackageVersion? left, PackageVersion? right) => !Equals(left, right);

    public static bool operator <(PackageVersion? left, PackageVersion? right) => Compare(left, right) < 0;

    public static bool operator >(PackageVersion? left, PackageVersion? right) => Compare(left, right) > 0;

    public static bool operator <=(PackageVersion? left, PackageVersion? right) => Compare(left, right) <= 0;

    public static bool operator >=(PackageVersion? left, PackageVersion? right) => Compare(left, right) >= 0;

    static int Compare(PackageVersion? left, PackageVersion? right) => Comparer<PackageVersion?>.Default.Compare(left, right);
}
