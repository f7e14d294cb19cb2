namespace Pm.Ebpf.Fitting;

/// <summary>How much is known of a register.</summary>
enum ReachKind : byte
{
    /// <summary>Nothing: the verifier goes both ways.</summary>
    Unknown,

    Constant,

    /// <summary>The address of a constant of the object.</summary>
    Place,

    /// <summary>A number of which one byte is not known.</summary>
    Spread,

    /// <summary>A place in what the program is given.</summary>
    Context,

    /// <summary>The verifier knows it, and goes one way, of which we do not know which.</summary>
    Hidden,
}
