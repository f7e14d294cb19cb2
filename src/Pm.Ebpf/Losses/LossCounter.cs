using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Losses;

/// <summary>Where an object counts events that its ring buffers had no place for: a number in each value of a map, or in a variable.</summary>
/// <param name="Place">The name of the map, or of the variable's section.</param>
/// <param name="Map">Null: it is a variable.</param>
/// <param name="Offset">Of the number, in each value of the map or from the section's begin.</param>
/// <param name="Size">Of the number: 4 or 8.</param>
public sealed record LossCounter(string Place, MapSpec? Map, int Offset, int Size);
