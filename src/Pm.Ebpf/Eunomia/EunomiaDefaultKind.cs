namespace Pm.Ebpf.Eunomia;

/// <summary>What a value of a package is, as JSON has it.</summary>
public enum EunomiaDefaultKind
{
    None,
    Boolean,
    Number,
    Text,

    /// <summary>A list or an object, which no variable can have.</summary>
    Other,
}
