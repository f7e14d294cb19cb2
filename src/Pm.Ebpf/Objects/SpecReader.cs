using System.Collections.Immutable;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Objects;

/// <summary>Puts together what an object says of itself.</summary>
static class SpecReader
{
    public static BpfSpec Read(ElfObject elf, IReadOnlyDictionary<string, string> eventTypes)
    {
        var notes = elf.Find(ObjectNotes.Section) is { } said ? ObjectNotes.Parse(said.Content, elf.Where) : ObjectNotes.None;
        var types = elf.Find(".BTF") is { } btf ? BtfFile.Parse(btf.Content, $"{elf.Where}: .BTF") : null;
        if (types is not null)
        {
            BtfCheck.Require(types);
        }

        var extension = types is not null && elf.Find(".BTF.ext") is { } ext ? BtfExtension.Parse(ext.Content, types, $"{elf.Where}: .BTF.ext") : null;
        var symbols = new ObjectSymbols(elf);
        var sections = types is null ? [] : Sections(types, elf);
        RequirePlaces(elf, symbols, sections);
        var maps = MapReader.Read(elf, symbols, sections);
        var (programs, calls) = ProgramReader.Read(elf, maps, extension);
        var globals = GlobalReader.Read(elf, symbols, sections);
        var operations = OperationsReader.Read(elf, symbols, sections, programs);
        var externals = ExternalReader.Read(elf, symbols, sections);
        var stated = notes.Events.SetItems(eventTypes);
        var ofPrograms = stated.Where(s => programs.Any(p => p.Name == s.Key && p.Walks) && !maps.Any(m => m.Name == s.Key)).ToImmutableDictionary();
        return new BpfSpec
        {
            Where = elf.Where,
            Licence = Licence(elf),
            Programs = SocketMaps.Settle(programs, maps),
            Maps = maps,
            Globals = globals,
            Operations = operations,
            OperationsByProgram = operations.SelectMany(o => o.Programs.Values.Distinct(), (o, program) => (o, program)).ToLookup(p => p.program, p => p.o, StringComparer.Ordinal),
            Events =
            [
                .. new EventSearch(elf.Where, types, extension, maps, globals, calls).Run(stated.RemoveRange(ofPrograms.Keys))
                    .Select(e => notes.Readings.TryGetValue(e.Map.Name, out var readings) ? e with { Readings = readings } : e),
            ],
            Records = RecordSearch.Run(
                elf.Where, [.. programs.Where(p => ofPrograms.GetValueOrDefault(p.Name) != EventSpec.NoType)], new Lazy<EventTypes>(() => new EventTypes(types, extension, globals)), ofPrograms),
            Notes = notes,
            Externals = externals,
            Undeclared = types is null ? [] : ExternalReader.Undeclared(elf, externals),
            Types = types,
            Extension = extension,
        };
    }

    /// <summary>The variables of each section, by its name.</summary>
    static Dictionary<string, BtfType> Sections(BtfFile types, ElfObject elf)
    {
        var sections = new Dictionary<string, BtfType>();
        foreach (var type in types.Types)
        {
            if (type.Kind is BtfKind.DataSection && !sections.TryAdd(type.Name, type))
            {
                throw types.Wrong($"section `{type.Name}` is described twice");
            }
        }

        var variables = sections.Values.Sum(s => (long)s.Count);
        return variables * elf.Symbols.Length <= BpfLimits.Compared ? sections
            : throw new EbpfFormatException("PM8022", $"it has {variables} variables and {elf.Symbols.Length} symbols: at most {BpfLimits.Compared} multiplied", elf.Where);
    }

    /// <summary>libbpf looks for all that the types describe, also for what nobody reads, as <c>license</c>. Source: btf_fixup_datasec of libbpf.</summary>
    static void RequirePlaces(ElfObject elf, ObjectSymbols symbols, Dictionary<string, BtfType> sections)
    {
        foreach (var (name, described) in sections.Where(s => !ExternalReader.Sections.Contains(s.Key)).OrderBy(s => s.Value.Id))
        {
            if (described.Size == 0 && elf.Find(name) is not { Size: > 0 })
            {
                throw new EbpfFormatException("PM8022", $"its types describe section `{name}`, which is {(elf.Find(name) is null ? "not there" : "empty")}", elf.Where);
            }

            foreach (var variable in described.Variables.Where(v => v.Declaration.Kind is BtfKind.Variable))
            {
                symbols.PlaceOf(described, variable);
            }
        }
    }

    static string Licence(ElfObject elf)
    {
        if (elf.Find("license") is not { } section)
        {
            return "";
        }

        var text = section.Content.Span;
        var end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, BpfLimits.Licence)]);
    }
}
