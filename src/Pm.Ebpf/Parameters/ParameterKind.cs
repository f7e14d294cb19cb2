namespace Pm.Ebpf.Parameters;

/// <summary>What the values of a flag are.</summary>
public enum ParameterKind
{
    /// <summary><c>--x</c> or <c>--no-x</c></summary>
    Switch,

    /// <summary>A whole number, decimal or with <c>0x</c>.</summary>
    Number,

    /// <summary>A number with a point.</summary>
    Fraction,

    /// <summary>A name of an enumeration, or its number.</summary>
    Choice,

    /// <summary>An IPv4 or IPv6 address, as packets have it.</summary>
    Address,

    /// <summary>Text, with a NUL behind it.</summary>
    Text,

    /// <summary>Several values of one of these kinds, with commas between them.</summary>
    List,
}
