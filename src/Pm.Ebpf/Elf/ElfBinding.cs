namespace Pm.Ebpf.Elf;

/// <summary>Who sees a symbol. Source: elf(5), <c>STB_</c>.</summary>
public enum ElfBinding : byte
{
    Local = 0,
    Global = 1,
    Weak = 2,
}
