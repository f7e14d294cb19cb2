namespace Pm.Ebpf.Btf;

/// <summary>Where a function of an object begins.</summary>
/// <param name="Section">The section that it lies in.</param>
/// <param name="Offset">In bytes from the section's begin.</param>
/// <param name="Type">Of kind <see cref="BtfKind.Function"/>.</param>
public readonly record struct BtfFunction(string Section, uint Offset, BtfType Type);
