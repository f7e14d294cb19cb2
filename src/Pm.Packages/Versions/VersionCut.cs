namespace Pm.Packages.Versions;

/// <summary>A place between versions in their total order: every version lies before it or after it.</summary>
/// <remarks>
/// A cut is before or after all versions of one precedence, before or after one text of that precedence, or at an end of
/// the order. So what a comparator means, which looks at precedence alone, and one version exactly as written are both intervals.
/// </remarks>
public readonly struct VersionCut : IComparable<VersionCut>, IEquatable<VersionCut>
{
    readonly VersionKey? _key;
    readonly string? _text;
    readonly sbyte _side;

    VersionCut(VersionKey? key, string? text, sbyte side) => (_key, _text, _side) = (key, text, side);

    /// <summary>Before all versions.</summary>
    public static VersionCut Start => new(null, null, -1);

    /// <summary>After all versions.</summary>
    public static VersionCut End => new(null, null, 1);

    internal VersionKey? Key => _key;

    /// <summary>Before this version as it is written, but after those of its precedence whose bytes come first.</summary>
    public static VersionCut Before(PackageVersion version) => new(version.Key, version.Text, -1);

    /// <summary>After this version as it is written.</summary>
    public static VersionCut After(PackageVersion version) => new(version.Key, version.Text, 1);

    internal static VersionCut Before(VersionKey key) => new(key, null, -1);

    internal static VersionCut After(VersionKey key) => new(key, null, 1);

    /// <summary>Whether <paramref name="version"/> lies after it.</summary>
    public bool IsBefore(PackageVersion version)
    {
        var order = _key?.CompareTo(version.Key) ?? 0;
        order = order != 0 ? order : _key is null || _text is null ? 0 : string.CompareOrdinal(_text, version.Text);
        return order != 0 ? order < 0 : _side < 0;
    }

    public int CompareTo(VersionCut other)
    {
        if (_key is null || other._key is null)
        {
            return End(this).CompareTo(End(other));
        }

        var order = _key.CompareTo(other._key);
        order = order != 0 ? order : Place(this).CompareTo(Place(other));
        order = order != 0 ? order : string.CompareOrdinal(_text, other._text);
        return order != 0 ? order : _side.CompareTo(other._side);

        static int End(VersionCut cut) => cut._key is null ? cut._side : 0;

        // Among those of one precedence: before all of them, at one of them, after all of them.
        static int Place(VersionCut cut) => cut._text is null ? cut._side : 0;
    }

    public bool Equals(VersionCut other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is VersionCut other && Equals(other);

    /// <remarks>Keys have no hash; cuts are compared, not looked up.</remarks>
    public override int GetHashCode() => HashCode.Combine(_key is null, _side);

    public static bool operator ==(VersionCut left, VersionCut right) => left.Equals(right);

    public static bool operator !=(VersionCut left, VersionCut right) => !left.Equals(right);

    public static bool operator <(VersionCut left, VersionCut right) => left.CompareTo(right) < 0;

    public static bool operator >(VersionCut left, VersionCut right) => left.CompareTo(right) > 0;

    public static bool operator <=(VersionCut left, VersionCut right) => left.CompareTo(right) <= 0;

    public static bool operator >=(VersionCut left, VersionCut right) => left.CompareTo(right) >= 0;
}
