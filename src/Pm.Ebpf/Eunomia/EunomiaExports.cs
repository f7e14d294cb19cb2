using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Eunomia;

/// <summary>Decides which maps' events a package shows, and what they are.</summary>
public static class EunomiaExports
{
    /// <summary>The map that is preferred where one alone may have events.</summary>
    const string UsualName = "events";

    /// <summary>In the order of the package; one at most, unless it says that there are several.</summary>
    /// <exception cref="EbpfFormatException">PM8064: what the package says does not fit the object; PM8023: the events cannot be written.</exception>
    public static ImmutableArray<EunomiaExportedMap> Of(EunomiaMeta meta, BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(meta);
        ArgumentNullException.ThrowIfNull(spec);
        return meta.HasSeveralExports
            ? [.. meta.Maps.Where(m => m.Sample is null && m.Export is not EunomiaExport.None).Select(m => OfItself(m, MapOf(m, spec), spec))]
            : OnlyOne(meta, spec) is { } only ? [only] : [];
    }

    /// <summary>The map of the object that a package speaks of.</summary>
    /// <exception cref="EbpfFormatException">PM8064: there is none.</exception>
    public static MapSpec MapOf(EunomiaMap map, BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Maps.FirstOrDefault(m => m.Name == map.Identifier) ?? spec.Maps.FirstOrDefault(m => m.Name == map.Name)
            ?? throw Wrong(spec, $"map `{map.Identifier}`: the object has none of that name");
    }

    static EunomiaExportedMap? OnlyOne(EunomiaMeta meta, BpfSpec spec)
    {
        var carrying = spec.Maps.Where(m => m.CarriesEvents).ToList();
        if ((carrying.FirstOrDefault(m => m.Name == UsualName) ?? carrying.FirstOrDefault()) is not { } map)
        {
            return null;
        }

        if (meta.ExportTypes.IsEmpty)
        {
            throw Wrong(spec, $"Export map named `{map.Name}` found, but no export type is provided");
        }

        var exported = meta.ExportTypes[0];
        var type = TypeOf(spec, exported.Id, $"export type `{exported.Name}`").Resolve();
        if (!type.IsComposite || type.Name != exported.Name)
        {
            throw Wrong(spec, $"export type `{exported.Name}`: type {exported.Id} of the object is {type}");
        }

        return Made(map, type, meta.Maps.FirstOrDefault(m => m.Identifier == map.Name)?.Stack);
    }

    static EunomiaExportedMap OfItself(EunomiaMap map, MapSpec spec, BpfSpec whole)
    {
        if (!spec.CarriesEvents)
        {
            throw Wrong(whole, $"map `{map.Identifier}`: it carries no events, but is a {spec.Kind}");
        }

        return map.Export switch
        {
            EunomiaExport.OfType(var id) => Made(spec, TypeOf(whole, id, $"map `{map.Identifier}`"), map.Stack),
            EunomiaExport.OfMembers(var members) => new EunomiaExportedMap(spec, Members(map, members, whole), null),
            _ => throw Wrong(whole, $"map `{map.Identifier}`: `default` is for maps that are sampled; events need `btf_type_id` or `custom_members`"),
        };
    }

    static EunomiaExportedMap Made(MapSpec map, BtfType type, EunomiaStackFields? stack) => new(
        map, EventDecoder.Compile(type, EventDialect.Eunomia), stack is null ? null : StackLayout.Of(stack, type, map.Name));

    /// <summary>No two members may share bytes: then one of them is not what it is said to be.</summary>
    static EventDecoder Members(EunomiaMap map, ImmutableArray<EunomiaMember> members, BpfSpec spec)
    {
        var typed = members.Select(m => (m.Name, Type: TypeOf(spec, m.Type, $"map `{map.Identifier}`: member `{m.Name}`"), m.Offset)).ToList();
        var end = 0L;
        var before = "";
        foreach (var (name, type, offset) in typed.OrderBy(m => m.Offset))
        {
            if (offset < end)
            {
                throw Wrong(spec, $"map `{map.Identifier}`: member `{name}` at byte {offset} lies within `{before}`, which ends at {end}");
            }

            (end, before) = (offset + (long)(BtfLayout.SizeOf(type) ?? 0), name);
        }

        return EventDecoder.CompileMembers(typed, EventDialect.Eunomia);
    }

    static BtfType TypeOf(BpfSpec spec, int id, string what) =>
        spec.Types is { } types && id > 0 && id < types.Count ? types[id] : throw Wrong(spec, $"{what}: the object has no type {id}");

    static EbpfFormatException Wrong(BpfSpec spec, string message) => new("PM8064", message, spec.Where);
}
