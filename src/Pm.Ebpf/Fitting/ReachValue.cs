namespace Pm.Ebpf.Fitting;

/// <summary>What the verifier knows of a register, as far as it decides which way a program can go.</summary>
/// <param name="Kind">How much is known.</param>
/// <param name="Number">The number, or the place.</param>
/// <param name="IsAnswer">It comes of what the kernel or a flag says: where it is kept in memory, the verifier knows it there too.</param>
/// <param name="Shift">The lowest bit of the byte that is not known.</param>
readonly record struct ReachValue(ReachKind Kind, long Number, bool IsAnswer = false, byte Shift = 0)
{
    public static readonly ReachValue Unknown;

    /// <summary>Known to the verifier, and not to us.</summary>
    public static readonly ReachValue Hidden = new(ReachKind.Hidden, 0, IsAnswer: true);

    public long? Constant => Kind is ReachKind.Constant ? Number : null;

    public static ReachValue Of(long number) => new(ReachKind.Constant, number);

    public static ReachValue Answer(long number) => new(ReachKind.Constant, number, IsAnswer: true);

    /// <summary>A number whose byte from a bit on is not known, and 0 here.</summary>
    public static ReachValue Spread(long number, int shift = 0) => new(ReachKind.Spread, number, IsAnswer: true, (byte)shift);

    /// <summary>Between which numbers it lies; null where that is not known.</summary>
    public (long Low, long High)? Range => Kind switch
    {
        ReachKind.Constant => (Number, Number),
        ReachKind.Spread => (Number, Number + (255L << Shift)),
        _ => null,
    };

    /// <summary>The verifier knows it, and we do not know all of it.</summary>
    public bool IsHidden => Kind is ReachKind.Hidden or ReachKind.Spread;

    /// <summary>The address of a byte of a section of constants.</summary>
    public static ReachValue Place(int section, long offset) => new(ReachKind.Place, (long)section << 32 | (uint)offset);

    /// <summary>So many bytes on in what the program is given.</summary>
    public static ReachValue Context(long offset) => new(ReachKind.Context, offset);

    public int Section => (int)(Number >> 32);

    public uint Offset => (uint)Number;

    public ReachValue Join(ReachValue other) => Kind == other.Kind && Number == other.Number && Shift == other.Shift ? this with { IsAnswer = IsAnswer || other.IsAnswer }
        : Kind is ReachKind.Unknown || other.Kind is ReachKind.Unknown ? Unknown
        : Kind is ReachKind.Hidden || other.Kind is ReachKind.Hidden ? Hidden : Unknown;
}
