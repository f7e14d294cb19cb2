using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Reads what an object expects of the kernel by name.</summary>
static class ExternalReader
{
    const string Configuration = ".kconfig";

    /// <summary>What is in them is found elsewhere.</summary>
    internal static readonly string[] Sections = [".ksyms", Configuration];

    public static ImmutableArray<ExternalSpec> Read(ElfObject elf, ObjectSymbols symbols, Dictionary<string, BtfType> sections)
    {
        var found = ImmutableArray.CreateBuilder<ExternalSpec>();
        foreach (var section in Sections.Where(sections.ContainsKey))
        {
            foreach (var (declaration, _, _) in sections[section].Variables)
            {
                if (declaration.Kind is not (BtfKind.Variable or BtfKind.Function))
                {
                    throw new EbpfFormatException("PM8022", $"section `{section}`: expected variables and functions, got {declaration}", elf.Where);
                }

                if (section == Configuration && !IsOption(declaration))
                {
                    throw new EbpfFormatException("PM8022", $"section `{section}`: `{declaration.Name}` should be a number, a choice or a text, got {declaration}", elf.Where);
                }

                found.Add(new ExternalSpec(declaration.Name, section, declaration, symbols.FindExternal(declaration.Name)?.Binding is ElfBinding.Weak));
            }
        }

        RequireSize(elf, found);
        return found.DrainToImmutable();
    }

    /// <summary>A value of the kernel's configuration. Of what contains others libbpf would ask on the stack how each is aligned. Source: btf__align_of, find_kcfg_type of libbpf.</summary>
    static bool IsOption(BtfType declaration) => declaration.Kind is BtfKind.Variable && declaration.Target.Resolve() is var type
        && (type.Kind is BtfKind.Integer or BtfKind.Enum or BtfKind.Enum64 || (type.Kind is BtfKind.Array && type.Target.Resolve().Kind is BtfKind.Integer));

    /// <summary>libbpf gives each symbol a place of its own, and adds up places in 31 bits. Source: bpf_object__collect_externs of libbpf.</summary>
    static void RequireSize(ElfObject elf, IEnumerable<ExternalSpec> externals)
    {
        var sizes = externals.Where(e => e.Section == Configuration).GroupBy(e => e.Name).ToDictionary(g => g.Key, g => g.Max(e => BtfLayout.SizeOf(e.Declaration) ?? 0), StringComparer.Ordinal);
        var size = elf.Symbols.Where(s => s.IsExternal).Sum(s => sizes.TryGetValue(s.Name, out var one) ? (long)one : 0);
        if (size > BpfLimits.Configuration)
        {
            throw new EbpfFormatException("PM8022", $"section `{Configuration}`: at most {BpfLimits.Configuration} bytes, got {size}", elf.Where);
        }
    }

    /// <summary>Names that the code uses and nothing declares, which no libbpf takes: mostly functions that are spelled wrongly. Source: bpf_object__collect_externs of libbpf.</summary>
    public static ImmutableArray<string> Undeclared(ElfObject elf, ImmutableArray<ExternalSpec> externals)
    {
        var declared = externals.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return [.. elf.Symbols.Where(s => s is { IsExternal: true, Kind: ElfSymbolKind.None, Binding: ElfBinding.Global or ElfBinding.Weak, Name.Length: > 0 }).Select(s => s.Name).Where(n => !declared.Contains(n)).Distinct()];
    }
}
