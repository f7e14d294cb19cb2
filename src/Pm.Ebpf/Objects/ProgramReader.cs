using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Finds the programs of an object, and what they call.</summary>
static class ProgramReader
{
    /// <summary>R_BPF_64_64.</summary>
    const uint Address = 1;

    public static (ImmutableArray<ProgramSpec> Programs, List<HelperCall> Calls) Read(ElfObject elf, ImmutableArray<MapSpec> maps, BtfExtension? extension)
    {
        var functions = elf.Symbols.Where(s => s.Kind is ElfSymbolKind.Function).ToLookup(s => s.Section);
        var mapAt = MapPlaces(elf, maps);
        var programs = ImmutableArray.CreateBuilder<ProgramSpec>();
        var all = new List<HelperCall>();
        var left = BpfLimits.Instructions;
        foreach (var section in elf.Sections.Where(s => s.IsCode && s.Size > 0))
        {
            left -= section.Size / Instruction.Size;
            if (section.Size % Instruction.Size != 0 || left < 0)
            {
                throw Wrong(elf, $"section `{section.Name}`: expected whole instructions, at most {BpfLimits.Instructions} in all, got {section.Size} bytes");
            }

            var own = Sorted(elf, section, functions[section.Index]);
            var calls = new CodeScan(section.Content, own.Select(s => (int)s.Value).ToHashSet(), LoadedMaps(elf, section, mapAt)).Run();
            all.AddRange(calls);
            programs.AddRange(Programs(section, own, calls));
        }

        RequireCopies(elf, functions, extension);
        return (programs.DrainToImmutable(), all);
    }

    /// <summary>What libbpf makes of them is no more than the file lets expect.</summary>
    static void RequireCopies(ElfObject elf, ILookup<int, ElfSymbol> functions, BtfExtension? extension)
    {
        if (elf.Find(".text") is not { IsCode: true } text)
        {
            return;
        }

        if (functions[text.Index].Count() is > BpfLimits.Functions and var count)
        {
            throw Wrong(elf, $"section `.text`: at most {BpfLimits.Functions} functions, got {count}");
        }

        // Of each program that calls something of it libbpf keeps the instructions, what is relocated in them, and which line they are of (bpf_object__reloc_code, adjust_prog_btf_ext_info).
        var copied = (text.Size / Instruction.Size) + elf.RelocationsOf(text).Length + (long)(extension?.Functions.Count(f => f.Section == text.Name) ?? 0) + (extension?.Lines.Count(l => l.Section == text.Name) ?? 0);
        var programs = elf.Sections.Where(s => s.IsCode && s.Index != text.Index).Sum(s => (long)functions[s.Index].Count());
        if (programs * copied > BpfLimits.Copied)
        {
            throw Wrong(elf, $"{programs} programs would each have a copy of section `.text`: at most {BpfLimits.Copied} instructions, relocations and lines in all, got {programs * copied}");
        }
    }

    /// <summary>By their place; none may overlap another, else each would be gone through for every other.</summary>
    static List<ElfSymbol> Sorted(ElfObject elf, ElfSection section, IEnumerable<ElfSymbol> functions)
    {
        var sorted = functions.OrderBy(s => s.Value).ToList();
        var end = 0ul;
        foreach (var function in sorted)
        {
            if (function.Value < end || function.Value > (ulong)section.Size || function.Size > (ulong)section.Size - function.Value
                || function.Value % Instruction.Size != 0 || function.Size % Instruction.Size != 0)
            {
                throw Wrong(elf, $"function `{function.Name}` should be whole instructions of section `{section.Name}`, and no part of another");
            }

            end = function.Value + function.Size;

            // libbpf writes into both halves of one that takes two, also behind the last. Source: bpf_object__relocate_data, bpf_core_patch_insn of libbpf.
            if (function.Size > 0 && new Instruction(section.Content.Span[((int)end - Instruction.Size)..]).IsWide)
            {
                throw Wrong(elf, $"function `{function.Name}` ends within an instruction");
            }
        }

        return sorted;
    }

    static IEnumerable<ProgramSpec> Programs(ElfSection section, List<ElfSymbol> functions, IReadOnlyList<HelperCall> calls)
    {
        // What stands in .text is called by programs, and what is local cannot be found by name.
        if (section.Name == ".text")
        {
            yield break;
        }

        var next = 0;
        foreach (var function in functions)
        {
            var helpers = new SortedSet<int>();
            var written = new HashSet<int?>();
            var end = (long)(function.Value + function.Size);
            for (; next < calls.Count && calls[next].Offset < end; next++)
            {
                if (calls[next].Offset >= (long)function.Value)
                {
                    helpers.Add(calls[next].Helper);
                    if (calls[next].Helper is HelperCall.WriteRecord)
                    {
                        written.Add(calls[next].Size);
                    }
                }
            }

            if (function.Binding is not ElfBinding.Local)
            {
                yield return new ProgramSpec
                {
                    Name = function.Name,
                    Section = section.Name,
                    Hook = ProgramHook.Parse(section.Name),
                    Offset = (int)function.Value,
                    Instructions = (int)function.Size / Instruction.Size,
                    Helpers = [.. helpers],
                    RecordSize = written.Count == 1 ? written.Single() : null,
                };
            }
        }
    }

    static Dictionary<(int Section, ulong Place), int> MapPlaces(ElfObject elf, ImmutableArray<MapSpec> maps)
    {
        var places = new Dictionary<(int, ulong), int>();
        if (elf.Find(".maps") is { } section)
        {
            for (var i = 0; i < maps.Length; i++)
            {
                places.TryAdd((section.Index, (ulong)maps[i].Offset), i);
            }
        }

        return places;
    }

    static Func<int, int?> LoadedMaps(ElfObject elf, ElfSection section, Dictionary<(int Section, ulong Place), int> maps)
    {
        var loads = new Dictionary<int, int>();
        foreach (var relocation in elf.RelocationsOf(section))
        {
            if (relocation.Type == Address && relocation.Offset <= int.MaxValue && maps.TryGetValue(ObjectSymbols.Target(elf, section, relocation), out var map))
            {
                loads[(int)relocation.Offset] = map;
            }
        }

        return at => loads.TryGetValue(at, out var map) ? map : null;
    }

    static EbpfFormatException Wrong(ElfObject elf, string message) => new("PM8020", message, elf.Where);
}
