using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>What is not in an instruction itself, but is put there when the object is loaded.</summary>
sealed record CodePlace
{
    /// <summary>What the kernel's types say; null where the instruction does not depend on them.</summary>
    public CoreAnswer? Core { get; init; }

    /// <summary>The number or address that it gets; null where that is not known.</summary>
    public ReachValue? Value { get; init; }

    /// <summary>The function of the object that it calls, or whose address it takes.</summary>
    public (int Section, int Offset)? Function { get; init; }

    /// <summary>The function of the kernel that it calls.</summary>
    public string? External { get; init; }

    /// <summary>Why the verifier may not come to it; null where it may.</summary>
    public string? LackingFor(Instruction instruction) => Core switch
    {
        { Value: null } core => core.Fault,
        { IsOtherSize: true } when instruction.IsMemoryAccess => "a field has another size in this kernel than the program reads",
        _ => null,
    };
}
