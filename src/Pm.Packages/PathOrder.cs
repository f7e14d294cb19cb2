namespace Pm.Packages;

/// <summary>Orders texts by their UTF-8 bytes, which is by code points.</summary>
public sealed class PathOrder : IComparer<string>
{
    PathOrder()
    {
    }

    public static PathOrder Bytes { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var same = x.AsSpan().CommonPrefixLength(y);
        return same == x.Length || same == y.Length
            ? x.Length.CompareTo(y.Length)
            : Weight(x[same]).CompareTo(Weight(y[same]));
    }

    /// <summary>Surrogates stand for code points above the rest of the plane, but below it as UTF-16 units.</summary>
    static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
