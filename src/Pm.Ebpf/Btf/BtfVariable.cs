namespace Pm.Ebpf.Btf;

/// <summary>A variable or function of a section.</summary>
/// <param name="Declaration">Of kind <see cref="BtfKind.Variable"/> or <see cref="BtfKind.Function"/>; its target is the type.</param>
/// <param name="Offset">From the section's begin; 0 for each in what the compiler wrote, where only symbols say it.</param>
/// <param name="Size">In bytes.</param>
public readonly record struct BtfVariable(BtfType Declaration, uint Offset, uint Size);
