namespace Pm.Ebpf.Elf;

/// <summary>A place in a section that depends on where a symbol comes to lie.</summary>
/// <param name="Offset">In bytes from the section's begin.</param>
/// <param name="Type">1 is R_BPF_64_64, of an address; 10 is R_BPF_64_32, of a call.</param>
/// <param name="Symbol">The symbol's index in <see cref="ElfObject.Symbols"/>.</param>
public readonly record struct ElfRelocation(ulong Offset, uint Type, int Symbol);
