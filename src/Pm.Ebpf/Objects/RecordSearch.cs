using System.Collections.Immutable;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>Decides which iterators write records of a type in place of text, in the order of <see cref="EventSource"/>. Those of which nothing says it write text.</summary>
static class RecordSearch
{
    /// <param name="where">The file, for messages.</param>
    /// <param name="programs">All programs.</param>
    /// <param name="types">The object's own types, which are looked for where they are needed.</param>
    /// <param name="stated">What was said beside the code, by the names of iterators.</param>
    /// <exception cref="EbpfFormatException">PM8022: there is no such type.</exception>
    public static ImmutableSortedDictionary<string, BtfType> Run(string where, ImmutableArray<ProgramSpec> programs, Lazy<EventTypes> types, IReadOnlyDictionary<string, string> stated)
    {
        var records = ImmutableSortedDictionary.CreateBuilder<string, BtfType>(StringComparer.Ordinal);
        foreach (var program in programs.Where(p => p.Walks))
        {
            if (stated.TryGetValue(program.Name, out var name))
            {
                records[program.Name] = types.Value.Named(name) ?? throw new EbpfFormatException("PM8022", $"program `{program.Name}`: there is no type `{name}`{types.Value.Suggestion(name)}", where);
            }
            else if (program.RecordSize is { } size && !program.Helpers.Contains(HelperCall.WriteText) && OfSize(types.Value, size) is { } type)
            {
                records[program.Name] = type;
            }
        }

        return records.ToImmutable();
    }

    static BtfType? OfSize(EventTypes types, int size)
    {
        var exported = types.Exported.Where(t => t.Resolve().Size == size).ToImmutableArray();
        return (exported.IsEmpty ? types.OfSizes([size]) : exported) is [var only] ? only : null;
    }
}
