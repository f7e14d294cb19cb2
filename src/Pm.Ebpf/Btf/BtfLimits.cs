namespace Pm.Ebpf.Btf;

/// <summary>What type information may demand of its reader.</summary>
public static class BtfLimits
{
    /// <summary>Bytes in all; that of a kernel has some 6 MB.</summary>
    public const int Size = 64 << 20;

    /// <summary>Source: BTF_MAX_TYPE of Linux.</summary>
    public const int Types = 0x000f_ffff;

    /// <summary>Modules of a kernel; some hundred may be loaded.</summary>
    public const int Modules = 4096;

    /// <summary>Bytes of the types of all modules of a kernel together, where they come from outside; some hundred have 10 MB.</summary>
    public const int ModulesSize = 256 << 20;

    /// <summary>Bytes of a name. Source: KSYM_NAME_LEN of Linux.</summary>
    public const int Name = 512;

    /// <summary>Bytes of a line of source, or of a path.</summary>
    public const int Line = 16 << 10;

    /// <summary>How many types that stand for another may follow each other, and how deep types nest. Source: MAX_RESOLVE_DEPTH of Linux.</summary>
    public const int Depth = 32;

    /// <summary>Relocations, functions or lines in <c>.BTF.ext</c>.</summary>
    public const int Records = 1 << 20;

    /// <summary>Names that are looked for one by one; with more, a table of all costs less.</summary>
    public const int Expected = 256;
}
