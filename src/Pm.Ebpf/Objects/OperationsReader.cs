using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Reads what structs of functions an object has for the kernel: their pointers are filled in when it is loaded, and say which programs are meant. Source: "struct_ops" in libbpf's documentation.</summary>
static class OperationsReader
{
    /// <summary>Also as libbpf 1.2 and later call it, where a link is to hold it.</summary>
    public static readonly ImmutableArray<string> Sections = [".struct_ops", ".struct_ops.link"];

    /// <summary>R_BPF_64_ABS64.</summary>
    const uint Pointer = 2;

    /// <summary>The kernel takes 64. Source: BPF_STRUCT_OPS_MAX_NR_MEMBERS of Linux.</summary>
    const int MaximumMembers = 1024;

    public static ImmutableArray<OperationsSpec> Read(ElfObject elf, ObjectSymbols symbols, Dictionary<string, BtfType> sections, ImmutableArray<ProgramSpec> programs)
    {
        var found = ImmutableArray.CreateBuilder<OperationsSpec>();
        foreach (var name in Sections)
        {
            if (sections.TryGetValue(name, out var described))
            {
                // With both names in the types and one of them in the file, libbpf would be shown what was not looked at: see OperationsSections.
                var section = elf.Find(name) ?? throw Wrong(elf, $"its types describe section `{name}`, which is not there");
                if (described.Count + found.Count > BpfLimits.Operations)
                {
                    throw Wrong(elf, $"at most {BpfLimits.Operations} structs of operations, got {described.Count + found.Count}");
                }

                var pointers = Pointers(elf, section, programs.GroupBy(p => (p.Section, (ulong)p.Offset)).ToDictionary(g => g.Key, g => g.First().Name));
                var variables = described.Variables;
                found.AddRange(variables.Select(v => Operations(elf, symbols, section, described, v, pointers)));

                // libbpf makes a copy of each.
                if (variables.Sum(v => (long)v.Declaration.Target.Resolve().Size) is var size && size > section.Size)
                {
                    throw Wrong(elf, $"section `{name}`: its structs have {size} bytes, and it has {section.Size}");
                }
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>The programs that are pointed to, by the places of the pointers.</summary>
    static Dictionary<ulong, string> Pointers(ElfObject elf, ElfSection section, Dictionary<(string, ulong), string> programs)
    {
        var pointers = new Dictionary<ulong, string>();
        foreach (var relocation in elf.RelocationsOf(section).Where(r => r.Type == Pointer))
        {
            var symbol = elf.Symbols[relocation.Symbol];
            if (symbol.Section < elf.Sections.Length && programs.TryGetValue((elf.Sections[symbol.Section].Name, symbol.Value), out var program))
            {
                pointers.TryAdd(relocation.Offset, program);
            }
        }

        return pointers;
    }

    static OperationsSpec Operations(ElfObject elf, ObjectSymbols symbols, ElfSection section, BtfType described, BtfVariable variable, Dictionary<ulong, string> pointers)
    {
        var name = variable.Declaration.Name;
        var type = variable.Declaration.Kind is BtfKind.Variable ? variable.Declaration.Target.Resolve() : default;
        if (type.Kind is not BtfKind.Struct || type.Count > MaximumMembers)
        {
            throw Wrong(elf, $"operations `{name}`: expected a struct of at most {MaximumMembers} members, got {(type.Kind is BtfKind.Void ? "something else" : type)}");
        }

        RequireWithin(elf, section, variable, type);
        var begin = symbols.PlaceOf(described, variable);
        var programs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in type.Members.Where(m => m.Name.Length > 0))
        {
            // Each pointer is one struct's, so that all of them together have no more programs than there are pointers.
            if (pointers.Remove(begin + (member.BitOffset / 8), out var program))
            {
                programs[member.Name] = program;
            }
        }

        return new OperationsSpec { Name = name, Type = CoreAccess.Bare(type.Name), Programs = programs.ToImmutable() };
    }

    /// <summary>
    /// The struct lies in its section, and its members in it: libbpf copies both, and adds up places in 32 bits. It takes the place of a symbol of that name, in whichever section. Source: bpf_object__init_struct_ops_maps,
    /// bpf_map__init_kern_struct_ops, find_elf_var_sym of libbpf.
    /// </summary>
    static void RequireWithin(ElfObject elf, ElfSection section, BtfVariable variable, BtfType type)
    {
        var name = variable.Declaration.Name;
        foreach (var place in elf.Symbols.Where(s => s.Name == name && s.Kind is ElfSymbolKind.Variable).Select(s => s.Value).Append(variable.Offset))
        {
            if (place > (ulong)section.Content.Length || type.Size > (ulong)section.Content.Length - place)
            {
                throw Wrong(elf, $"operations `{name}`: {type.Size} bytes from byte {place} on should lie in section `{section.Name}` of {section.Content.Length} bytes");
            }
        }

        foreach (var member in type.Members.Where(m => m.BitFieldSize == 0))
        {
            if ((member.BitOffset / 8) + (ulong)(BtfLayout.SizeOf(member.Type) ?? 0) > type.Size)
            {
                throw Wrong(elf, $"operations `{name}`: member `{member.Name}` should lie in its struct of {type.Size} bytes");
            }
        }
    }

    static EbpfFormatException Wrong(ElfObject elf, string message) => new("PM8022", message, elf.Where);
}
