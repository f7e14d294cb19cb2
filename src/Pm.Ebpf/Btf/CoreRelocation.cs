namespace Pm.Ebpf.Btf;

/// <summary>An instruction that depends on how the running kernel lays out a type ("compile once, run everywhere").</summary>
public readonly record struct CoreRelocation
{
    readonly uint _access;

    internal CoreRelocation(string section, uint offset, BtfType type, uint access, CoreRelocationKind kind) =>
        (Section, Offset, Type, _access, Kind) = (section, offset, type, access, kind);

    public string Section { get; }

    /// <summary>In bytes from the section's begin.</summary>
    public uint Offset { get; }

    /// <summary>The type that is looked for in the kernel, by its name up to <c>___</c>.</summary>
    public BtfType Type { get; }

    public CoreRelocationKind Kind { get; }

    /// <summary>Which member of it, by numbers: <c>0:1:2</c>; see <see cref="CoreAccess"/>.</summary>
    public string Access => Type.File.LongName(_access);
}
