using Pm.Cli.Output;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Ebpf;

/// <summary>The maps of an object whose events are shown.</summary>
static class EventMaps
{
    /// <summary>The word for a map whose events nobody wants.</summary>
    public const string NoType = EventSpec.NoType;

    /// <summary>Those that were not left out; all of them can be shown.</summary>
    /// <param name="spec">The object.</param>
    /// <param name="types">What was said of them beside the object.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="CommandException">PM8042: it is not known which type the events of one have; PM8021, PM8023: events of that type cannot be written.</exception>
    public static List<EventSpec> Of(BpfSpec spec, IReadOnlyDictionary<string, string> types, string path)
    {
        var maps = spec.Events.Where(e => !types.TryGetValue(e.Map.Name, out var type) || type != NoType).ToList();
        foreach (var map in maps.Where(m => m.Type is null))
        {
            var candidates = map.Candidates.IsEmpty ? "" : $": it could be {string.Join(", ", map.Candidates.Select(c => $"`{c}`"))}";
            throw new CommandException(
                ExitCode.Invalid, "PM8042", Hostile.OneLine($"{path}: which type the events of map `{map.Map.Name}` have is not known{candidates}"),
                Hostile.OneLine($"`pm run --event '{map.Map.Name}={(map.Candidates.IsEmpty ? "TYPE" : map.Candidates[0])}' {path}`; `{NoType}` leaves them"));
        }

        // Asked before anything is attached: one that runs on its own is never shown by who started it.
        foreach (var (map, type) in maps.SelectMany(map => map.Layouts, (map, type) => (map.Map.Name, type)))
        {
            RequireShowable("map", map, type, path);
        }

        foreach (var (program, type) in spec.Records.Where(r => types.GetValueOrDefault(r.Key) != NoType))
        {
            RequireShowable("program", program, type, path);
        }

        return maps;
    }

    static void RequireShowable(string what, string name, BtfType type, string path)
    {
        try
        {
            _ = type.Name;
            _ = EventDecoder.Compile(type);
        }
        catch (EbpfFormatException e)
        {
            throw new CommandException(
                ExitCode.Invalid, e.Code, Hostile.OneLine($"{path}: {what} `{name}`: {e.Message}"),
                Hostile.OneLine($"`pm run --event '{name}={NoType}' {path}` leaves them"));
        }
    }
}
