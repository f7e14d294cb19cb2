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
            if (elf.Find(name) is { } section && sections.TryGetValue(name, out var described))
            {
                if (described.Count + found.Count > BpfLimits.Operations)
                {
                    throw Wrong(elf, $"at most {BpfLimits.Operations} structs of operations, got {described.Count + found.Count}");
                }

                var pointers = Pointers(elf, section, programs.GroupBy(p => (p.Section, (ulong)p.Offset)).ToDictionary(g => g.Key, g => g.First().Name));
                found.AddRange(described.Variables.Select(v => Operations(elf, symbols, section, v, pointers)));
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

    static OperationsSpec Operations(ElfObject elf, ObjectSymbols symbols, ElfSection section, BtfVariable variable, Dictionary<ulong, string> pointers)
    {
        var name = variable.Declaration.Name;
        var type = variable.Declaration.Kind is BtfKind.Variable ? variable.Declaration.Target.Resolve() : default;
        if (type.Kind is not BtfKind.Struct || type.Count > MaximumMembers)
        {
            throw Wrong(elf, $"operations `{name}`: expected a struct of at most {MaximumMembers} members, got {(type.Kind is BtfKind.Void ? "something else" : type)}");
        }

        var begin = symbols.Find(section.Index, name)?.Value ?? variable.Offset;
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

    static EbpfFormatException Wrong(ElfObject elf, string message) => new("PM8022", message, elf.Where);
}
