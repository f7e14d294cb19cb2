using System.Buffers;
using System.Text.Json;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;

namespace Pm.Ebpf.Describing;

/// <summary>Writes <c>meta/ebpf.json</c>: what the objects of a package have and need, so that it can be told without reading them. Source: docs/formats/ebpf-json.md.</summary>
public static class ObjectDescription
{
    const int Format = 1;

    /// <summary>Bytes of a global that are written down; what holds more is a table of the program's own.</summary>
    const int LongestDefault = 4096;

    /// <summary>What names of variables begin with that a build adds, which say nothing of the object.</summary>
    const string Added = "__pm_";

    /// <param name="modules">The objects.</param>
    /// <param name="architecture">What they were compiled for, as uname(1) writes it.</param>
    /// <param name="compiler">What made them: its name and version.</param>
    public static ReadOnlyMemory<byte> Write(IEnumerable<DescribedModule> modules, string architecture, string compiler)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format"u8, Format);
            json.WriteString("arch"u8, architecture);
            json.WriteString("compiler"u8, compiler);
            json.WriteStartArray("modules"u8);
            foreach (var module in modules)
            {
                WriteModule(json, module);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return (byte[])[.. buffer.WrittenSpan, (byte)'\n'];
    }

    static void WriteModule(Utf8JsonWriter json, DescribedModule module)
    {
        var (flags, spec) = (module.Flags, module.Spec);
        json.WriteStartObject();
        json.WriteString("name"u8, module.Name);
        json.WriteString("object"u8, module.Path);
        json.WriteString("hash"u8, module.Hash);
        json.WriteString("license"u8, spec.Licence);
        if (spec.Notes.Linux.Length > 0)
        {
            json.WriteString("linux"u8, spec.Notes.Linux);
        }

        if (flags.Count > 0)
        {
            json.WriteStartArray("compiled_with"u8);
            foreach (var flag in flags)
            {
                json.WriteStringValue(flag);
            }

            json.WriteEndArray();
        }

        List(json, "programs", spec.Programs, WriteProgram);
        List(json, "maps", spec.Maps, WriteMap);
        if (!spec.Operations.IsEmpty)
        {
            List(json, "operations", spec.Operations, WriteOperations);
        }

        List(json, "globals", spec.Globals.Where(g => !g.IsStatic && !g.Name.StartsWith(Added, StringComparison.Ordinal)), (each, global) => WriteGlobal(each, global, spec.Notes));
        List(json, "events", spec.Events, WriteEvent);
        Texts(json, "kfuncs", spec.Externals.Where(e => e.Section == ".ksyms" && e.IsFunction).Select(e => e.Name));
        Texts(json, "kernel_types", spec.Extension?.Relocations.Select(r => r.Type.Resolve().Name) ?? []);
        Texts(json, "kernel_fields", spec.Extension?.Relocations.Where(r => r.Kind <= CoreRelocationKind.FieldRightShift).Select(CoreAccess.Describe) ?? []);
        if (!spec.Notes.Fallbacks.IsEmpty)
        {
            json.WriteStartArray("fallbacks"u8);
            foreach (var list in spec.Notes.Fallbacks)
            {
                json.WriteStartArray();
                foreach (var program in list)
                {
                    json.WriteStringValue(program);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteProgram(Utf8JsonWriter json, ProgramSpec program)
    {
        json.WriteString("name"u8, program.Name);
        json.WriteString("section"u8, program.Section);
        json.WriteString("hook"u8, program.Hook.Kind.ToString());
        json.WriteString("target"u8, program.Hook.Target);
        json.WriteStartArray("helpers"u8);
        foreach (var helper in program.Helpers.Order().Distinct())
        {
            json.WriteNumberValue(helper);
        }

        json.WriteEndArray();
    }

    static void WriteMap(Utf8JsonWriter json, MapSpec map)
    {
        json.WriteString("name"u8, map.Name);
        json.WriteString("kind"u8, map.Kind.ToString());
        json.WriteNumber("key_size"u8, map.KeySize);
        json.WriteNumber("value_size"u8, map.ValueSize);
        json.WriteNumber("max_entries"u8, map.MaximumEntries);
    }

    static void WriteOperations(Utf8JsonWriter json, OperationsSpec operations)
    {
        json.WriteString("name"u8, operations.Name);
        json.WriteString("type"u8, operations.Type);
        json.WriteStartObject("programs"u8);
        foreach (var (member, program) in operations.Programs)
        {
            json.WriteString(member, program);
        }

        json.WriteEndObject();
    }

    static void WriteGlobal(Utf8JsonWriter json, GlobalSpec global, ObjectNotes notes)
    {
        json.WriteString("name"u8, global.Name);
        json.WriteString("section"u8, global.Section);
        json.WriteString("type"u8, global.Type.ToString());
        json.WriteNumber("size"u8, global.Size);
        json.WriteString("default"u8, global.Default.Length <= LongestDefault ? Convert.ToHexStringLower(global.Default.Span) : null);
        json.WriteBoolean("flag"u8, global.IsParameter && Parameter.Of(global, notes.Flags.GetValueOrDefault(global.Name)) is not null);
    }

    static void WriteEvent(Utf8JsonWriter json, EventSpec known)
    {
        json.WriteString("map"u8, known.Map.Name);
        json.WriteString("type"u8, known.Type is { } first ? EventSpec.NameOf(first) : null);
        if (known.Type is { } type)
        {
            json.WriteNumber("size"u8, BtfLayout.SizeOf(type) ?? 0);
        }

        if (known.Layouts.Length > 1)
        {
            List(json, "layouts", known.Layouts, (each, layout) =>
            {
                each.WriteString("type"u8, EventSpec.NameOf(layout));
                each.WriteNumber("size"u8, BtfLayout.SizeOf(layout) ?? 0);
            });
        }

        json.WriteString("known_by"u8, known.Source.ToString());
        if (!known.Readings.IsEmpty)
        {
            json.WriteStartObject("readings"u8);
            foreach (var (member, reading) in known.Readings)
            {
                json.WriteString(member, Readings.NameOf(reading));
            }

            json.WriteEndObject();
        }
    }

    static void List<T>(Utf8JsonWriter json, string member, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(member);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Texts(Utf8JsonWriter json, string member, IEnumerable<string> texts)
    {
        json.WriteStartArray(member);
        foreach (var text in texts.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
