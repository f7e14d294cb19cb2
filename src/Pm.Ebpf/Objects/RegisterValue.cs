namespace Pm.Ebpf.Objects;

/// <summary>What is known of a register: nothing, a number, or that it has the address of a map.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Number">The number, or the map's place in its list.</param>
readonly record struct RegisterValue(RegisterValueKind Kind, long Number)
{
    public static readonly RegisterValue Unknown;

    public int? Map => Kind is RegisterValueKind.Map ? (int)Number : null;

    /// <summary>What a size can be.</summary>
    public int? Size => Kind is RegisterValueKind.Constant && Number is > 0 and <= int.MaxValue ? (int)Number : null;

    public static RegisterValue Constant(long number) => new(RegisterValueKind.Constant, number);

    public static RegisterValue OfMap(int map) => new(RegisterValueKind.Map, map);
}
