using System.Collections.Immutable;

namespace Pm.Ebpf.Btf;

/// <summary>What <c>.BTF.ext</c> says of an object's code: which function and line an instruction belongs to, and what depends on the kernel's types. Source: btf.rst.</summary>
public sealed class BtfExtension
{
    const ushort Magic = 0xeb9f;
    const int InstructionSize = 8;

    BtfExtension(BtfHead head, BtfFile types)
    {
        Functions = BtfRecordTable.Read(head, 0, 8, types, (section, r) => new BtfFunction(section, r.Word(0), types[(int)r.Word(4)]));
        Lines = BtfRecordTable.Read(head, 8, 16, types, (section, r) => new BtfLine(section, r.Word(0), r.Word(4), r.Word(8), r.Word(12), types));
        Relocations = BtfRecordTable.Read(head, 16, 16, types, (section, r) =>
            new CoreRelocation(section, r.Word(0), types[(int)r.Word(4)], r.Word(8), (CoreRelocationKind)r.Word(12)));
    }

    public ImmutableArray<BtfFunction> Functions { get; }

    public ImmutableArray<BtfLine> Lines { get; }

    public ImmutableArray<CoreRelocation> Relocations { get; }

    /// <param name="bytes">The section <c>.BTF.ext</c>.</param>
    /// <param name="types">What it speaks of.</param>
    /// <param name="where">The file, for messages.</param>
    /// <exception cref="EbpfFormatException">PM8021: they break a rule of the format.</exception>
    public static BtfExtension Parse(ReadOnlyMemory<byte> bytes, BtfFile types, string where)
    {
        var extension = new BtfExtension(BtfHead.Read(new CheckedBytes(bytes, "PM8021", where), Magic), types);
        foreach (var relocation in extension.Relocations.Where(r => r.Offset % InstructionSize != 0))
        {
            throw new EbpfFormatException("PM8021", $"section `{relocation.Section}`: byte {relocation.Offset} is no begin of an instruction, which is to be fitted to the kernel", where);
        }

        return extension;
    }
}
