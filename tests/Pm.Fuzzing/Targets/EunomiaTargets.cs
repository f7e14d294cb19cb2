using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pm.Ebpf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Sampling;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>Packages of eunomia's: an object and what is said of it.</summary>
static partial class EunomiaTargets
{
    /// <summary>What is said of one of the objects: everything that can be said, once with one type of events and once with several.</summary>
    static readonly byte[][] Metas =
    [
        """
        {"bpf_skel":{"data_sections":[{"name":".rodata","variables":[{"name":"const_val_1","type":"int","value":7,"description":"a number","cmdarg":{"default":9,"long":"pid","short":"p","help":"of whom"}},
        {"name":"const_val_2","type":"long long"},{"name":"const_val_3","type":"char[100]","value":"text"},{"name":"boolflag","type":"bool","value":true},{"name":"fraction","type":"float","value":1.5}]},
        {"name":".bss","variables":[{"name":"bss_val_1","type":"int"},{"name":"__eunomia_dummy_S_ptr","type":"struct S *"}]}],
        "maps":[{"name":"rb","ident":"rb","intepreter":{"stack_trace":{"field_map":{"pid":"val_1","kstack":"val_3"},"with_symbols":false}}},{"name":"figures.rodata","ident":"rodata","mmaped":true}],
        "progs":[{"name":"entered","attach":"raw_tp/sys_enter","link":true}],"obj_name":"figures_bpf","doc":{"version":"1.0","brief":"b","details":"d","description":"e"}},
        "export_types":[{"name":"OutData","members":[{"name":"val_1","type":"int"}],"size":232,"type_id":38}],"print_header":false,"poll_timeout_ms":100,"eunomia_version":"0.3.3"}
        """u8.ToArray(),
        """
        {"bpf_skel":{"obj_name":"figures_bpf","progs":null,"maps":[{"name":"rb","ident":"rb","export_config":{"btf_type_id":48}},
        {"name":"rb_other","ident":"rb_other","export_config":{"custom_members":[{"name":"pid?","offset":0,"btf_type_id":2},{"name":"comm","offset":8,"btf_type_id":44}]}},
        {"name":"no","ident":"rb","sample":{"interval":100,"type":"log2_hist","unit":"ns","clear_map":true},"export_config":"no_export"}]},"enable_multiple_export_types":true}
        """u8.ToArray(),
    ];

    static readonly Lazy<BpfSpec> Figures = new(() => BpfSpec.Parse(File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "figures.o")), "x"));

    static readonly byte[][] MetaWords =
    [
        .. Words.Json, .. Words.Of("\"name\":", "\"ident\":", "\"type\":", "\"value\":", "\"cmdarg\":", "\"export_config\":", "\"btf_type_id\":", "\"custom_members\":", "\"sample\":",
            "\"intepreter\":", "\"stack_trace\":", "\"default\"", "\"no_export\"", "\"int\"", "\"bool\"", "\"char[9999999999]\"", "\"offset\":1048570", "\"double\""),
    ];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("eunomia-package", ReadPackage)
        {
            Seeds = () => EbpfTargets.Objects().Select(Package),
            Allowed = [typeof(EbpfFormatException)],
            Words = MetaWords,
            Repair = Repack,
        },
        new("eunomia-meta", ReadMeta)
        {
            Seeds = () => Metas,
            Allowed = [typeof(EbpfFormatException)],
            Words = MetaWords,
        },
    ];

    const string ObjectMember = "\"bpf_object\":\"";

    /// <summary>The object is kept as it is within its compression, so that damage to the text is damage to the object.</summary>
    static byte[] Package(byte[] content) =>
        Encoding.UTF8.GetBytes($$"""{{{ObjectMember}}{{Convert.ToBase64String(Stored(content))}}","bpf_object_size":{{content.Length}},"meta":{{Encoding.UTF8.GetString(Metas[0])}} }""");

    static byte[] Stored(ReadOnlySpan<byte> content)
    {
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>Sizes and checksums that fit what the object is now.</summary>
    static byte[] Repack(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var from = text.IndexOf(ObjectMember, StringComparison.Ordinal) + ObjectMember.Length;
        var to = from < ObjectMember.Length ? -1 : text.IndexOf('"', from);
        if (to < 0)
        {
            return input;
        }

        var letters = string.Concat(text[from..to].Select(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' ? c : 'A'));
        var packed = Convert.FromBase64String(letters[..(letters.Length / 4 * 4)]);

        // Before the bytes of a stored block stand two of zlib and five of the block; behind the last the checksum.
        var content = packed.AsSpan(Math.Min(7, packed.Length)..Math.Max(Math.Min(7, packed.Length), packed.Length - 4));
        text = $"{text[..from]}{Convert.ToBase64String(Stored(content))}{text[to..]}";
        return Encoding.Latin1.GetBytes(SizeMember().Replace(text, string.Create(CultureInfo.InvariantCulture, $"\"bpf_object_size\":{content.Length}")));
    }

    [GeneratedRegex("\"bpf_object_size\":[0-9]+")]
    private static partial Regex SizeMember();

    static void ReadPackage(byte[] bytes)
    {
        var package = EunomiaPackage.Parse(bytes, "x");
        Assert.InRange(package.Content.Length, 0, ElfLimits.Size);
        Describe(package.Meta, BpfSpec.Parse(package.Content, "x"));
    }

    static void ReadMeta(byte[] bytes) => Describe(EunomiaMeta.Parse(bytes, "x"), Figures.Value);

    /// <summary>Whatever a package says is a command line and events, or refused as its fault.</summary>
    static void Describe(EunomiaMeta meta, BpfSpec spec)
    {
        var line = EunomiaCommandLine.Of(meta);
        Assert.StartsWith(meta.Name, line.Version(), StringComparison.Ordinal);
        Assert.Contains("--verbose", line.Help(), StringComparison.Ordinal);
        try
        {
            foreach (var (name, value) in EunomiaValues.Of(meta, spec, line.Parse([])))
            {
                Assert.Contains(spec.Globals, g => g.Name == name && g.Size == value.Length);
            }
        }
        catch (ParameterException)
        {
            // A default that the variable cannot have.
        }

        foreach (var export in EunomiaExports.Of(meta, spec))
        {
            var buffer = new EventBuffer();
            export.Decoder.WriteJson(new byte[1000], buffer);
            using var document = JsonDocument.Parse(buffer.Written.ToArray(), new JsonDocumentOptions { MaxDepth = 128 });
            buffer.Clear();
            export.Decoder.WriteColumns(new byte[1000], buffer, "00:00:00"u8);
            Assert.Equal(buffer.Length - 1, buffer.Written.IndexOfAnyInRange((byte)0, (byte)0x1f));
        }

        foreach (var map in meta.Maps.Where(m => m.Sample is not null))
        {
            MapSampler.Check(EunomiaExports.MapOf(map, spec), map.Sample!);
        }
    }
}
