using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Reads an object's variables: what they are from the types, where they lie from the symbols, what they hold from the sections.</summary>
static class GlobalReader
{
    static readonly string[] Kinds = [".rodata", ".data", ".bss"];

    public static ImmutableArray<GlobalSpec> Read(ElfObject elf, ObjectSymbols symbols, Dictionary<string, BtfType> sections)
    {
        var globals = ImmutableArray.CreateBuilder<GlobalSpec>();
        foreach (var (name, described) in sections.OrderBy(s => s.Value.Id))
        {
            if (!Kinds.Any(kind => name == kind || name.StartsWith(kind + ".", StringComparison.Ordinal)))
            {
                continue;
            }

            var section = elf.Find(name) ?? throw Wrong(elf, $"its types describe section `{name}`, which is not there");
            if (described.Count > BpfLimits.Globals - globals.Count)
            {
                throw Wrong(elf, $"at most {BpfLimits.Globals} variables, got more");
            }

            globals.AddRange(described.Variables.Select(v => Global(elf, symbols, section, described, v)).OrderBy(g => g.Offset));
        }

        return globals.DrainToImmutable();
    }

    static GlobalSpec Global(ElfObject elf, ObjectSymbols symbols, ElfSection section, BtfType described, BtfVariable variable)
    {
        var declaration = variable.Declaration;
        if (declaration.Kind is not BtfKind.Variable)
        {
            throw Wrong(elf, $"section `{section.Name}`: expected variables, got {declaration}");
        }

        var isStatic = declaration.Linkage is BtfLinkage.Static;
        var offset = symbols.PlaceOf(described, variable);
        var size = variable.Size;
        if (offset > (ulong)section.Size || size > (ulong)section.Size - offset)
        {
            throw Wrong(elf, $"variable `{declaration.Name}`: {size} bytes from byte {offset} on should lie in section `{section.Name}` of {section.Size} bytes");
        }

        return new GlobalSpec
        {
            Name = declaration.Name,
            Section = section.Name,
            Offset = (int)offset,
            Size = (int)size,
            Type = declaration.Target,
            Default = section.Content.IsEmpty ? ReadOnlyMemory<byte>.Empty : section.Content.Slice((int)offset, (int)size),
            IsStatic = isStatic,
            IsUsed = symbols.IsReferred(section.Index, (int)offset, (int)size),
        };
    }

    static EbpfFormatException Wrong(ElfObject elf, string message) => new("PM8022", message, elf.Where);
}
