using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Eunomia;

/// <summary>Says of an object of pm's what a package of eunomia's says: its variables with their defaults, its maps, its events.</summary>
public static class EunomiaDescription
{
    /// <summary>Characters of an object's name that the kernel has in the names of its maps.</summary>
    const int NameInMaps = 8;

    static readonly string[] Sections = [".rodata", ".data", ".bss"];

    /// <param name="spec">The object.</param>
    /// <param name="name">What it is called.</param>
    /// <exception cref="EbpfFormatException">PM8071: the type of a map's events is not known, or there are several.</exception>
    public static EunomiaMeta Of(BpfSpec spec, string name)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(name);
        if (spec.Events.FirstOrDefault(e => e.Type is null) is { } unknown)
        {
            throw new EbpfFormatException("PM8071", $"which type the events of map `{unknown.Map.Name}` have is not known, and a package has to say it", spec.Where);
        }

        if (spec.Events.FirstOrDefault(e => e.Layouts.Length > 1) is { } several)
        {
            throw new EbpfFormatException("PM8071", $"events of map `{several.Map.Name}` have several types, {string.Join(", ", several.Layouts.Select(t => $"`{t}`"))}, and a package can name one", spec.Where);
        }

        var objectName = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var hasSeveral = spec.Events.Length > 1;
        return new EunomiaMeta
        {
            Name = objectName,
            Doc = new EunomiaDoc(Brief: Said(spec.Notes.Description), Details: Said(spec.Notes.Details)),
            Variables = [.. spec.Globals.Where(g => Sections.Contains(g.Section) && !g.IsStatic && g.Type.Resolve().Kind is not BtfKind.Pointer).Select(g => Variable(g, spec.Notes.Flags.GetValueOrDefault(g.Name)))],
            Maps = [.. spec.Maps.Select(m => Map(m, spec, hasSeveral)), .. DataMaps(spec, objectName)],
            Programs = [.. spec.Programs.Select(p => new EunomiaProgram(p.Name, p.Section))],
            ExportTypes = hasSeveral ? [] : [.. spec.Events.Select(e => Type(e.Type!.Value.Resolve()))],
            HasSeveralExports = hasSeveral,
        };
    }

    static string? Said(string text) => text.Length == 0 ? null : text;

    static EunomiaVariable Variable(GlobalSpec global, FlagNote? note) => new()
    {
        Section = global.Section,
        Name = global.Name,
        Type = TypeName(global.Type),
        // What no flag can set keeps what the object has.
        Default = !EunomiaValues.Reads(TypeName(global.Type)) ? EunomiaDefault.None : note?.Default is { } stated ? Stated(stated) : DefaultOf(global),
        LongName = note?.LongName,
        ShortName = note?.Letter?.ToString(),
        Help = note is null ? null : Said(note.Help),
    };

    /// <summary>As C has it without qualifiers and names of its own: what a reader of packages knows.</summary>
    static string TypeName(BtfType type)
    {
        var resolved = type.Resolve();
        return resolved.Kind switch
        {
            BtfKind.Integer when resolved.IntegerEncoding.IsBoolean => "bool",
            BtfKind.Integer or BtfKind.Float => resolved.Name,
            BtfKind.Array when resolved.Target.Resolve() is { Kind: BtfKind.Integer, Name: "char" } => $"char[{resolved.Length.ToString(CultureInfo.InvariantCulture)}]",
            _ => resolved.ToString(),
        };
    }

    /// <summary>A default as a note has it, in JSON.</summary>
    static EunomiaDefault Stated(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.String => new EunomiaDefault(EunomiaDefaultKind.Text, document.RootElement.GetString()!),
            JsonValueKind.Number => new EunomiaDefault(EunomiaDefaultKind.Number, json),
            JsonValueKind.True or JsonValueKind.False => new EunomiaDefault(EunomiaDefaultKind.Boolean, json),
            _ => EunomiaDefault.None,
        };
    }

    /// <summary>What the object has: a package that does not say it stands for zero. Of a switch it is always said, as its flag is called by it.</summary>
    static EunomiaDefault DefaultOf(GlobalSpec global)
    {
        var bytes = global.Default.Span;
        var type = global.Type.Resolve();
        if (type.Kind is BtfKind.Integer && type.IntegerEncoding.IsBoolean)
        {
            return new EunomiaDefault(EunomiaDefaultKind.Boolean, !bytes.IsEmpty && bytes[0] != 0 ? "true" : "false");
        }

        if (bytes.IndexOfAnyExcept((byte)0) < 0)
        {
            return EunomiaDefault.None;
        }

        return type switch
        {
            { Kind: BtfKind.Integer, Size: <= 8 } => new EunomiaDefault(EunomiaDefaultKind.Number, Whole(bytes, type.IntegerEncoding.IsSigned)),
            { Kind: BtfKind.Float, Size: 4 } when float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(bytes)) =>
                new EunomiaDefault(EunomiaDefaultKind.Number, BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString("R", CultureInfo.InvariantCulture)),
            { Kind: BtfKind.Float, Size: 8 } when double.IsFinite(BinaryPrimitives.ReadDoubleLittleEndian(bytes)) =>
                new EunomiaDefault(EunomiaDefaultKind.Number, BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString("R", CultureInfo.InvariantCulture)),
            { Kind: BtfKind.Array } when TypeName(global.Type).StartsWith("char[", StringComparison.Ordinal) =>
                new EunomiaDefault(EunomiaDefaultKind.Text, Encoding.UTF8.GetString(bytes[..(bytes.IndexOf((byte)0) is >= 0 and var end ? end : bytes.Length)])),
            _ => EunomiaDefault.None,
        };
    }

    static string Whole(ReadOnlySpan<byte> bytes, bool isSigned)
    {
        Span<byte> all = stackalloc byte[16];
        all.Fill(isSigned && bytes[^1] >= 0x80 ? (byte)0xff : (byte)0);
        bytes.CopyTo(all);
        return BinaryPrimitives.ReadInt128LittleEndian(all).ToString(CultureInfo.InvariantCulture);
    }

    static EunomiaMap Map(MapSpec map, BpfSpec spec, bool hasSeveral)
    {
        var events = spec.Events.FirstOrDefault(e => e.Map.Name == map.Name);
        var sample = spec.Notes.Samples.GetValueOrDefault(map.Name);
        return new EunomiaMap
        {
            Name = map.Name,
            Identifier = map.Name,
            Sample = sample,
            Export = sample is not null ? new EunomiaExport.OfMap() : hasSeveral && events is not null ? new EunomiaExport.OfType(events.Type!.Value.Resolve().Id) : new EunomiaExport.None(),
        };
    }

    static IEnumerable<EunomiaMap> DataMaps(BpfSpec spec, string name) => Sections
        .Where(s => spec.Globals.Any(g => g.Section == s))
        .Select(s => new EunomiaMap { Name = name[..Math.Min(name.Length, NameInMaps)] + s, Identifier = s[1..], HoldsVariables = true, Export = new EunomiaExport.None() });

    static EunomiaType Type(BtfType type) => new(
        type.Name, type.Id, BtfLayout.SizeOf(type) ?? 0, type.IsComposite ? [.. type.Members.Select(m => (m.Name, TypeName(m.Type)))] : ImmutableArray<(string, string)>.Empty);
}
