using System.Text.Json;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Eunomia;

/// <summary>Reads the skeleton of a package; what is not said is what eunomia takes it for. Members that are not known are left alone.</summary>
static class EunomiaMetaReader
{
    public static EunomiaMeta Read(EunomiaNode meta)
    {
        var skeleton = meta.Need("bpf_skel");
        return new EunomiaMeta
        {
            Name = skeleton.Need("obj_name").Text(),
            Doc = Doc(skeleton.Find("doc")),
            Variables = [.. skeleton.Find("data_sections").List().SelectMany(Variables)],
            Maps = [.. skeleton.Find("maps").List().Select(Map)],
            Programs = [.. skeleton.Find("progs").List().Select(Program)],
            ExportTypes = [.. meta.Find("export_types").List().Select(Type)],
            HasHeader = meta.Find("print_header").Flag(true),
            HasSeveralExports = meta.Find("enable_multiple_export_types").Flag(false),
            IsVerbose = meta.Find("debug_verbose").Flag(false),
        };
    }

    static EunomiaDoc Doc(EunomiaNode doc) => doc.IsNull ? new EunomiaDoc() : new EunomiaDoc(
        doc.Find("version").TextOrNull(), doc.Find("brief").TextOrNull(), doc.Find("details").TextOrNull(), doc.Find("description").TextOrNull());

    static IEnumerable<EunomiaVariable> Variables(EunomiaNode section)
    {
        var name = section.Need("name").Text();
        return section.Find("variables").List().Select(v => Variable(name, v));
    }

    static EunomiaVariable Variable(string section, EunomiaNode variable)
    {
        var flag = variable.Find("cmdarg");
        var @short = flag.IsNull ? null : flag.Find("short").TextOrNull();
        if (@short is not null && (@short.Length == 0 || new System.Globalization.StringInfo(@short).LengthInTextElements != 1))
        {
            throw flag.Find("short").Wrong($"expected exactly one character, got `{@short}`");
        }

        var value = variable.Find("value");
        return new EunomiaVariable
        {
            Section = section,
            Name = variable.Need("name").Text(),
            Type = variable.Need("type").Text(),
            Default = flag.IsNull || flag.Find("default").IsNull ? Default(value) : Default(flag.Find("default")),
            Description = variable.Find("description").TextOrNull(),
            LongName = flag.IsNull ? null : flag.Find("long").TextOrNull(),
            ShortName = @short,
            Help = flag.IsNull ? null : flag.Find("help").TextOrNull(),
        };
    }

    static EunomiaDefault Default(EunomiaNode value) => value.Element.ValueKind switch
    {
        JsonValueKind.True => new(EunomiaDefaultKind.Boolean, "true"),
        JsonValueKind.False => new(EunomiaDefaultKind.Boolean, "false"),
        JsonValueKind.Number => new(EunomiaDefaultKind.Number, value.Element.GetRawText()),
        JsonValueKind.String => new(EunomiaDefaultKind.Text, value.Text()),
        _ when value.IsNull => EunomiaDefault.None,
        _ => new(EunomiaDefaultKind.Other, ""),
    };

    static EunomiaMap Map(EunomiaNode map) => new()
    {
        Name = map.Need("name").Text(),
        Identifier = map.Need("ident").Text(),
        HoldsVariables = map.Find("mmaped").Flag(false),
        Sample = map.Find("sample") is { IsNull: false } sample ? Sample(sample) : null,
        Export = Export(map.Find("export_config")),
        // The format spells it so.
        Stack = Stack(map.Find("intepreter")),
    };

    static SampleNote Sample(EunomiaNode sample)
    {
        var type = sample.Find("type");
        var interval = sample.Need("interval").Number();
        return new SampleNote
        {
            Interval = interval > 0 && interval <= NoteLimits.LongestInterval.TotalMilliseconds
                ? TimeSpan.FromMilliseconds(interval)
                : throw sample.Find("interval").Wrong($"expected milliseconds, 1 to {NoteLimits.LongestInterval.TotalMilliseconds}"),
            Kind = type.TextOrNull() is not { } word ? SampleKind.KeyValue
                : SampleKinds.Find(word) ?? throw type.Wrong($"expected `log2_hist`, `linear_hist` or `default_kv`, got `{word}`"),
            Unit = sample.Find("unit").TextOrNull() ?? "(unit)",
            ClearsMap = sample.Find("clear_map").Flag(false),
        };
    }

    static EunomiaExport Export(EunomiaNode export)
    {
        const string expected = "expected `no_export`, `default`, {\"btf_type_id\":N} or {\"custom_members\":[…]}";
        if (export.IsNull)
        {
            return new EunomiaExport.None();
        }

        if (export.IsText)
        {
            return export.Text() switch
            {
                "no_export" => new EunomiaExport.None(),
                "default" => new EunomiaExport.OfMap(),
                var other => throw export.Wrong($"{expected}, got `{other}`"),
            };
        }

        if (export.IsObject && export.Find("btf_type_id") is { IsNull: false } id)
        {
            return new EunomiaExport.OfType(id.Number());
        }

        return export.IsObject && export.Find("custom_members") is { IsNull: false } members
            ? new EunomiaExport.OfMembers([.. members.List().Select(Member)])
            : throw export.Wrong(expected);
    }

    static EunomiaMember Member(EunomiaNode member) =>
        new(member.Need("name").Text(), member.Need("offset").Number(), member.Need("btf_type_id").Number());

    static EunomiaStackFields? Stack(EunomiaNode interpreter)
    {
        if (interpreter.IsNull || interpreter is { IsText: true } && interpreter.Text() == "default_struct")
        {
            return null;
        }

        var stack = interpreter.IsObject ? interpreter.Find("stack_trace") : default;
        if (stack.IsNull)
        {
            throw interpreter.Wrong("expected `default_struct` or {\"stack_trace\":…}");
        }

        var fields = stack.Find("field_map");
        string? Field(string name) => fields.IsNull ? null : fields.Find(name).TextOrNull();
        return new EunomiaStackFields
        {
            Pid = Field("pid"),
            Cpu = Field("cpu_id"),
            Command = Field("comm"),
            KernelSize = Field("kstack_sz"),
            UserSize = Field("ustack_sz"),
            KernelStack = Field("kstack"),
            UserStack = Field("ustack"),
            HasSymbols = stack.Find("with_symbols").Flag(true),
        };
    }

    static EunomiaProgram Program(EunomiaNode program)
    {
        var index = program.Find("tchook") is { IsNull: false } hook ? hook.Find("ifindex").Number(1) : program.Find("ifindex").Number(0);
        return new EunomiaProgram(program.Need("name").Text(), program.Need("attach").Text(), index);
    }

    static EunomiaType Type(EunomiaNode type) => new(
        type.Need("name").Text(), type.Need("type_id").Number(), type.Need("size").Number(),
        [.. type.Find("members").List().Select(m => (m.Need("name").Text(), m.Need("type").Text()))]);
}
