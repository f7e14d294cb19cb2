using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Eunomia;

/// <summary>Writes packages as eunomia's compiler does. The same object gives the same bytes.</summary>
public static class EunomiaWriter
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="package">What is written.</param>
    /// <param name="into">Where.</param>
    public static void Write(EunomiaPackage package, Stream into)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(into);
        using (var json = new Utf8JsonWriter(into, Options))
        {
            json.WriteStartObject();
            json.WriteBase64String("bpf_object"u8, Compressed(package.Content.Span));
            json.WriteNumber("bpf_object_size"u8, package.Content.Length);
            json.WritePropertyName("meta"u8);
            Meta(json, package.Meta);
            json.WriteEndObject();
        }

        into.Write("\n"u8);
    }

    static byte[] Compressed(ReadOnlySpan<byte> content)
    {
        using var into = new MemoryStream();
        using (var stream = new ZLibStream(into, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            stream.Write(content);
        }

        return into.ToArray();
    }

    static void Meta(Utf8JsonWriter json, EunomiaMeta meta)
    {
        json.WriteStartObject();
        json.WriteStartObject("bpf_skel"u8);
        json.WriteStartArray("data_sections"u8);
        foreach (var section in meta.Variables.GroupBy(v => v.Section))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, section.Key);
            json.WriteStartArray("variables"u8);
            foreach (var variable in section)
            {
                Variable(json, variable);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Doc(json, meta.Doc);
        json.WriteStartArray("maps"u8);
        foreach (var map in meta.Maps)
        {
            Map(json, map);
        }

        json.WriteEndArray();
        json.WriteString("obj_name"u8, meta.Name);
        json.WriteStartArray("progs"u8);
        foreach (var program in meta.Programs)
        {
            json.WriteStartObject();
            json.WriteString("attach"u8, program.Attach);
            json.WriteBoolean("link"u8, true);
            json.WriteString("name"u8, program.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        ExportTypes(json, meta);
        json.WriteEndObject();
    }

    static void Doc(Utf8JsonWriter json, EunomiaDoc doc)
    {
        if (doc != new EunomiaDoc())
        {
            json.WriteStartObject("doc"u8);
            Text(json, "version", doc.Version);
            Text(json, "brief", doc.Brief);
            Text(json, "details", doc.Details);
            Text(json, "description", doc.Description);
            json.WriteEndObject();
        }
    }

    static void Variable(Utf8JsonWriter json, EunomiaVariable variable)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, variable.Name);
        json.WriteString("type"u8, variable.Type);
        if (variable.Default.Kind is EunomiaDefaultKind.Boolean or EunomiaDefaultKind.Number)
        {
            json.WritePropertyName("value"u8);
            json.WriteRawValue(variable.Default.Text);
        }
        else if (variable.Default.Kind is EunomiaDefaultKind.Text)
        {
            json.WriteString("value"u8, variable.Default.Text);
        }

        Text(json, "description", variable.Description);
        if (variable.LongName is not null || variable.ShortName is not null || variable.Help is not null)
        {
            json.WriteStartObject("cmdarg"u8);
            Text(json, "long", variable.LongName);
            Text(json, "short", variable.ShortName);
            Text(json, "help", variable.Help);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void Map(Utf8JsonWriter json, EunomiaMap map)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, map.Name);
        json.WriteString("ident"u8, map.Identifier);
        json.WriteBoolean("mmaped"u8, map.HoldsVariables);
        if (map.Sample is { } sample)
        {
            json.WriteStartObject("sample"u8);
            json.WriteNumber("interval"u8, (long)sample.Interval.TotalMilliseconds);
            json.WriteString("type"u8, SampleKinds.NameOf(sample.Kind));
            Text(json, "unit", sample.Unit);
            json.WriteBoolean("clear_map"u8, sample.ClearsMap);
            json.WriteEndObject();
        }

        Export(json, map.Export);
        if (map.Stack is { } stack)
        {
            Stack(json, stack);
        }

        json.WriteEndObject();
    }

    static void Export(Utf8JsonWriter json, EunomiaExport export)
    {
        switch (export)
        {
            case EunomiaExport.OfMap:
                json.WriteString("export_config"u8, "default");
                break;
            case EunomiaExport.OfType(var id):
                json.WriteStartObject("export_config"u8);
                json.WriteNumber("btf_type_id"u8, id);
                json.WriteEndObject();
                break;
            case EunomiaExport.OfMembers(var members):
                json.WriteStartObject("export_config"u8);
                json.WriteStartArray("custom_members"u8);
                foreach (var (name, offset, type) in members)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, name);
                    json.WriteNumber("offset"u8, offset);
                    json.WriteNumber("btf_type_id"u8, type);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                json.WriteString("export_config"u8, "no_export");
                break;
        }
    }

    static void Stack(Utf8JsonWriter json, EunomiaStackFields stack)
    {
        json.WriteStartObject("intepreter"u8);
        json.WriteStartObject("stack_trace"u8);
        json.WriteStartObject("field_map"u8);
        Text(json, "pid", stack.Pid);
        Text(json, "cpu_id", stack.Cpu);
        Text(json, "comm", stack.Command);
        Text(json, "kstack_sz", stack.KernelSize);
        Text(json, "ustack_sz", stack.UserSize);
        Text(json, "kstack", stack.KernelStack);
        Text(json, "ustack", stack.UserStack);
        json.WriteEndObject();
        json.WriteBoolean("with_symbols"u8, stack.HasSymbols);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void ExportTypes(Utf8JsonWriter json, EunomiaMeta meta)
    {
        json.WriteStartArray("export_types"u8);
        foreach (var type in meta.ExportTypes)
        {
            json.WriteStartObject();
            json.WriteStartArray("members"u8);
            foreach (var (name, memberType) in type.Members)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, name);
                json.WriteString("type"u8, memberType);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("name"u8, type.Name);
            json.WriteNumber("size"u8, type.Size);
            json.WriteNumber("type_id"u8, type.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("print_header"u8, meta.HasHeader);
        json.WriteBoolean("enable_multiple_export_types"u8, meta.HasSeveralExports);
        json.WriteBoolean("debug_verbose"u8, meta.IsVerbose);
    }

    static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
