namespace Pm.Ebpf.Sampling;

/// <summary>What stands in a map under one key.</summary>
/// <param name="Key">Its bytes.</param>
/// <param name="Values">One value; of a map that each processor has for itself one for each.</param>
public sealed record MapEntry(ReadOnlyMemory<byte> Key, IReadOnlyList<ReadOnlyMemory<byte>> Values);
