namespace Pm.Packages.Toml;

/// <summary>How much of a document is read before it is refused.</summary>
public sealed record TomlLimits
{
    /// <summary>Deepest nesting that may be asked for: the reader calls itself once a level of arrays and inline tables.</summary>
    public const int DeepestNesting = 256;

    /// <summary>What holds unless another is asked for: enough for a lockfile of some 100,000 packages.</summary>
    public static readonly TomlLimits Default = new();

    readonly int _depth = 64;

    /// <summary>Longest document in bytes.</summary>
    public int Size { get; init; } = 64 << 20;

    /// <summary>Deepest nesting: each part of a dotted key, each array and each inline table is one level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than <see cref="DeepestNesting"/>.</exception>
    public int Depth
    {
        get => _depth;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, DeepestNesting);
            _depth = value;
        }
    }

    /// <summary>Most values, arrays and tables together.</summary>
    public int Values { get; init; } = 4_000_000;
}
