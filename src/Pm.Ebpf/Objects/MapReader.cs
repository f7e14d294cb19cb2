using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Reads what an object says of its maps: each is a struct whose members' types, not values, say it. Source: "BTF-defined maps" in libbpf's documentation.</summary>
static class MapReader
{
    /// <summary>Members of a definition; there are 14 that mean something.</summary>
    const int MaximumMembers = 32;

    public static ImmutableArray<MapSpec> Read(ElfObject elf, ObjectSymbols symbols, Dictionary<string, BtfType> sections)
    {
        if (elf.Find("maps") is { Size: > 0 })
        {
            throw Wrong(elf, "its maps are defined in the section `maps`, which libbpf 1.0 and later refuse", "define them in `SEC(\".maps\")`");
        }

        if (!sections.TryGetValue(".maps", out var described) || elf.Find(".maps") is not { } section)
        {
            return [];
        }

        if (described.Count > BpfLimits.Maps)
        {
            throw Wrong(elf, $"at most {BpfLimits.Maps} maps, got {described.Count}");
        }

        // Where values are to be put in a map. libbpf makes as much place as the number says. Source: bpf_object__collect_map_relos of libbpf.
        if (elf.RelocationsOf(section).FirstOrDefault(r => r.Offset >= (ulong)section.Size) is { Offset: > 0 } outside)
        {
            throw Wrong(elf, $"a relocation is for byte {outside.Offset} of section `.maps`, which has {section.Size}");
        }

        // The compiler describes them in the order of their use.
        return [.. described.Variables.Select(v => Map(elf, symbols, section, described, v)).OrderBy(m => m.Offset)];
    }

    static MapSpec Map(ElfObject elf, ObjectSymbols symbols, ElfSection section, BtfType described, BtfVariable variable)
    {
        var name = variable.Declaration.Name;
        var type = variable.Declaration.Kind is BtfKind.Variable ? variable.Declaration.Target.Resolve() : default;
        if (type.Kind is not BtfKind.Struct || type.Count > MaximumMembers)
        {
            throw Wrong(elf, $"map `{name}`: expected a struct of at most {MaximumMembers} members, got {(type.Kind is BtfKind.Void ? "something else" : type)}");
        }

        // Source: bpf_object__init_user_btf_map of libbpf.
        var offset = symbols.PlaceOf(described, variable);
        switch (variable.Declaration.Linkage)
        {
            case BtfLinkage.Static:
                throw Wrong(elf, $"map `{name}` is static, which libbpf refuses", "define it without `static`");
            case BtfLinkage.Global when symbols.IsHidden(variable):
                throw Wrong(elf, $"map `{name}` is hidden, which libbpf refuses", "define it without `__hidden`");
            case not BtfLinkage.Global:
                throw Wrong(elf, $"map `{name}` is declared here, and defined in another object", "`bpftool gen object OUT FILE…` makes one of several");
        }

        if (offset > (ulong)section.Size || variable.Size > (ulong)section.Size - offset || type.Size > variable.Size)
        {
            throw Wrong(elf, $"map `{name}`: {Math.Max(variable.Size, type.Size)} bytes from byte {offset} on should lie in section `{section.Name}` of {section.Size} bytes");
        }

        var map = new MapSpec { Name = name, Kind = MapKind.Unspecified, Offset = (int)offset };
        foreach (var member in type.Members)
        {
            map = With(elf, map, member);
        }

        return map.Kind switch
        {
            // libbpf takes one for a struct that it has made itself, and reads from nowhere. Source: bpf_map__is_struct_ops, bpf_map__init_kern_struct_ops of libbpf.
            MapKind.StructOperations => throw Wrong(elf, $"map `{name}` is of type {(uint)map.Kind}, which is for structs of operations", "define them in `SEC(\".struct_ops.link\")`"),
            MapKind.RingBuffer when map.ValueSize > 0 || map.KeySize > 0 => map with { EventType = map.Value, Key = null, Value = null, KeySize = 0, ValueSize = 0, IsResized = true },
            MapKind.PerfEventArray when map.Value?.Resolve().IsComposite is true => map with { EventType = map.Value, Key = null, Value = null, KeySize = sizeof(int), ValueSize = sizeof(int), IsResized = true },
            // Other loaders know that these have no other sizes, and their users leave them out. Source: MapSpec.fixupMagicFields of cilium/ebpf.
            MapKind.PerfEventArray when map.KeySize == 0 || map.ValueSize == 0 => map with { KeySize = sizeof(int), ValueSize = sizeof(int), IsResized = true },
            _ => map,
        };
    }

    static MapSpec With(ElfObject elf, MapSpec map, BtfMember member) => member.Name switch
    {
        "type" => map with { Kind = (MapKind)Number(elf, map, member) },
        "max_entries" => map with { MaximumEntries = Number(elf, map, member) },
        "map_flags" => map with { Flags = Number(elf, map, member) },
        "pinning" => map with { IsPinnedByName = Number(elf, map, member) == 1 },
        "key_size" => map with { KeySize = Number(elf, map, member) },
        "value_size" => map with { ValueSize = Number(elf, map, member) },
        "key" => map with { Key = Pointed(elf, map, member), KeySize = SizeOf(elf, map, member) },
        "value" => map with { Value = Pointed(elf, map, member), ValueSize = SizeOf(elf, map, member) },
        _ => map,
    };

    /// <summary><c>__uint(name, value)</c> is a pointer to an array of so many integers.</summary>
    static uint Number(ElfObject elf, MapSpec map, BtfMember member) =>
        member.Type.Resolve() is { Kind: BtfKind.Pointer } pointer && pointer.Target.Resolve() is { Kind: BtfKind.Array } array
            ? array.Length
            : throw Wrong(elf, $"map `{map.Name}`: `{member.Name}` should be a number, got {member.Type}");

    /// <summary><c>__type(name, type)</c> is a pointer to the type.</summary>
    static BtfType Pointed(ElfObject elf, MapSpec map, BtfMember member) =>
        member.Type.Resolve() is { Kind: BtfKind.Pointer } pointer
            ? pointer.Target
            : throw Wrong(elf, $"map `{map.Name}`: `{member.Name}` should be a type, got {member.Type}");

    static uint SizeOf(ElfObject elf, MapSpec map, BtfMember member) =>
        (uint)(BtfLayout.SizeOf(Pointed(elf, map, member)) ?? throw Wrong(elf, $"map `{map.Name}`: the type of `{member.Name}` has no size"));

    static EbpfFormatException Wrong(ElfObject elf, string message, string? hint = null) => new("PM8022", message, elf.Where, hint);
}
