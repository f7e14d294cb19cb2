using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Reads what an object expects of the kernel by name.</summary>
static class ExternalReader
{
    static readonly string[] Sections = [".ksyms", ".kconfig"];

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

                found.Add(new ExternalSpec(declaration.Name, section, declaration, symbols.FindExternal(declaration.Name)?.Binding is ElfBinding.Weak));
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>Names that the code uses and nothing declares, which no libbpf takes: mostly functions that are spelled wrongly. Source: bpf_object__collect_externs of libbpf.</summary>
    public static ImmutableArray<string> Undeclared(ElfObject elf, ImmutableArray<ExternalSpec> externals)
    {
        var declared = externals.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return [.. elf.Symbols.Where(s => s is { IsExternal: true, Kind: ElfSymbolKind.None, Binding: ElfBinding.Global or ElfBinding.Weak, Name.Length: > 0 }).Select(s => s.Name).Where(n => !declared.Contains(n)).Distinct()];
    }
}
