using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Gives the sections with structs of operations other names, in a copy of an object: what is said of them otherwise stays.</summary>
static class OperationsSections
{
    /// <summary>That which each libbpf knows.</summary>
    public const string Older = ".struct_ops";

    /// <summary>One that no libbpf knows, so that none looks for such structs in the kernel.</summary>
    public const string Hidden = ".unused_ops";

    /// <summary>Where in a file is said which section has the names of sections. Source: elf(5).</summary>
    const int NamesIndex = 62;

    /// <summary>Those that an object has.</summary>
    public static IReadOnlyList<string> Of(ElfObject elf) => [.. OperationsReader.Sections.Where(s => elf.Find(s) is not null)];

    /// <param name="bytes">The object.</param>
    /// <param name="where">The file, for messages.</param>
    /// <param name="name">What all of them are called, no longer than <see cref="Older"/>.</param>
    /// <exception cref="EbpfFormatException">PM8020: it is none.</exception>
    public static byte[] Renamed(ReadOnlyMemory<byte> bytes, string where, string name)
    {
        var copy = bytes.ToArray();
        var elf = ElfObject.Parse(copy, where);
        foreach (var section in Of(elf))
        {
            Rename(copy, elf.Sections[BinaryPrimitives.ReadUInt16LittleEndian(copy.AsSpan(NamesIndex))].Content, section, name);
            if (elf.Find(".BTF") is { } types)
            {
                Rename(copy, types.Content, section, name);
            }
        }

        return copy;
    }

    /// <summary>A shorter name ends before the other's end.</summary>
    static void Rename(byte[] bytes, ReadOnlyMemory<byte> part, string from, string to)
    {
        if (from == to || !MemoryMarshal.TryGetArray(part, out var segment) || segment.Count == 0)
        {
            return;
        }

        var (old, changed) = (Encoding.ASCII.GetBytes(from + "\0"), Encoding.ASCII.GetBytes(to + "\0"));
        var names = bytes.AsSpan(segment.Offset, segment.Count);
        for (var at = names.IndexOf(old); at >= 0; at = names.IndexOf(old))
        {
            changed.CopyTo(names[at..]);
            names = names[(at + old.Length)..];
        }
    }
}
