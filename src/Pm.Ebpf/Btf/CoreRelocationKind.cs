namespace Pm.Ebpf.Btf;

/// <summary>What a <see cref="CoreRelocation"/> asks for. Source: bpf_core_relo_kind of Linux.</summary>
public enum CoreRelocationKind : uint
{
    FieldOffset = 0,
    FieldSize = 1,
    FieldExists = 2,
    FieldSigned = 3,
    FieldLeftShift = 4,
    FieldRightShift = 5,
    TypeIdLocal = 6,
    TypeIdTarget = 7,
    TypeExists = 8,
    TypeSize = 9,
    EnumeratorExists = 10,
    EnumeratorValue = 11,
    TypeMatches = 12,
}
