namespace Pm.Ebpf.Elf;

/// <summary>A name in an object: a function, a variable, a map, or something that is to be found elsewhere.</summary>
/// <param name="Name">Empty for that of a section.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Binding">Who sees it.</param>
/// <param name="Section">The index of the section that it lies in; 0 when it lies elsewhere, from 0xff00 on it is special.</param>
/// <param name="Value">Where in its section it begins.</param>
/// <param name="Size">In bytes.</param>
public sealed record ElfSymbol(string Name, ElfSymbolKind Kind, ElfBinding Binding, int Section, ulong Value, ulong Size)
{
    /// <summary>It is to be found elsewhere: in the kernel.</summary>
    public bool IsExternal => Section == 0;

    /// <summary>Other objects do not see it, though its binding would let them: STV_HIDDEN, STV_INTERNAL.</summary>
    public bool IsHidden { get; init; }
}
