using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Headers;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>eBPF objects, and the types in them.</summary>
static class EbpfTargets
{
    static readonly byte[][] ElfWords = [.. Words.Binary, .. Words.Of(".BTF\0", ".BTF.ext\0", ".maps\0", ".rodata\0", ".text\0", "license\0"), [0xf7, 0], [8, 0, 0, 0], [4, 0, 0, 0]];

    /// <summary>Heads of types, of which each kind has its own, and few numbers that are types.</summary>
    static readonly byte[][] BtfWords =
        [.. Words.Binary, .. Enumerable.Range(0, 21).Select(kind => new byte[] { 1, 0, 0, (byte)kind }), .. Enumerable.Range(0, 8).Select(id => new byte[] { (byte)id, 0, 0, 0 }), [0, 0, 0, 0x84], [0xff, 0xff, 0, 4]];

    static byte[] FittingObject { get; } = File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "fitting.o"));

    static byte[] ModularObject { get; } = File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "modular.o"));

    static BtfFile KernelOfSamples { get; } =
        BtfFile.Parse(ElfObject.Parse(File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "kernel.o")), "x").Find(".BTF")!.Content, "x");

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("elf", ReadElf)
        {
            Seeds = Objects,
            Allowed = [typeof(EbpfFormatException)],
            Words = ElfWords,
        },
        new("btf", ReadBtf)
        {
            Seeds = () => Objects().Select(bytes => ElfObject.Parse(bytes, "x").Find(".BTF")!.Content.ToArray()),
            Allowed = [typeof(EbpfFormatException)],
            Words = BtfWords,
        },
        new("module-types", ReadModule)
        {
            Seeds = Modules,
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. BtfWords, .. Enumerable.Range(KernelOfSamples.Count - 2, 8).Select(id => new byte[] { (byte)id, 0, 0, 0 })],
        },
        new("module-listing", bytes => Assert.All(ModuleListing.Read(bytes, "x"), m => Assert.InRange(m.Types.Length, 0, bytes.Length)))
        {
            Seeds = () => [Listing()],
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. Words.Text, .. Words.Of("444 ", "149 ", "0 a\n", " pm_first\n")],
        },
        new("module-fit", bytes => Fit(ModularObject, KernelOfSamples, new ModuleTypes(KernelOfSamples, [new ModuleBytes("one", bytes), .. Modules().Select(m => new ModuleBytes("other", m))])))
        {
            Seeds = Modules,
            Allowed = [typeof(EbpfFormatException)],
            Words = BtfWords,
        },
        new("kernel-header", WriteHeader)
        {
            Seeds = () => Objects().Select(bytes => ElfObject.Parse(bytes, "x").Find(".BTF")!.Content.ToArray()),
            Allowed = [typeof(EbpfFormatException)],
            Words = BtfWords,
        },
        new("bpf-spec", ReadSpec)
        {
            Seeds = Objects,
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. ElfWords, .. BtfWords],
        },
        new("bpf-notes", ReadNotes)
        {
            Seeds = () =>
            [
                """
                {"description":"tells","details":"more","flags":{"pid":{"long":"pid","short":"p","default":7,"help":"of one process"},"x":{"default":"y"}},"maps":{"m":"what"},"samples":{"m":{"interval":1000,"type":"log2_hist","unit":"us","clear_map":true}},"events":{"rb":"event"},"fallbacks":[["a","b"],["c"]]}
                """u8.ToArray(),
                "{}\0"u8.ToArray(),
            ],
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. Words.Json, .. Words.Of("\"short\":\"x\"", "\"default\":", "\"interval\":", "\"fallbacks\":[[")],
        },
        new("program-file", ReadProgram)
        {
            Seeds = () => Directory.GetFiles(Path.Join(AppContext.BaseDirectory, "objects", "programs")).Select(File.ReadAllBytes),
            Words = [.. ElfWords, .. Words.Of(".note.stapsdt\0", "stapsdt\0", "main\0", "pm\0reached\0")],
        },
        new("program-functions", NamePlaces)
        {
            Seeds = () => [SmallProgram()],
            Words = [.. ElfWords, [2, 0, 0, 0], [11, 0, 0, 0], [0x12, 0, 1, 0], [0x1a, 0, 1, 0]],
        },
        new("kernel-types", bytes => _ = KernelTypes.Read(new MemoryStream(bytes), "x"))
        {
            Seeds = Objects,
            Allowed = [typeof(EbpfFormatException)],
            Words = ElfWords,
        },
        new("kernel-description", ReadDescription)
        {
            Seeds = () => [Encoding.UTF8.GetBytes(Written(new KernelDescription { Release = "6.1", TypesDigest = "", SecurityModules = ["bpf"], EventSources = ["cpu"], Tracepoints = ["a/b"], Programs = KernelDescription.Unknown.Programs.Add("lsm", true) }))],
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. Words.Text, .. Words.Of("\"data\":{", "\"kernel\":", "null", "true", "[", "{")],
        },
        new("object-fit", bytes => Fit(bytes, KernelOfSamples))
        {
            Seeds = Objects,
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. ElfWords, .. BtfWords, [0x85, 0, 0, 0], [0x15, 0, 0, 0], [0x05, 0, 0, 0], [0x18, 0, 0, 0]],
        },
        new("kernel-fit", bytes => Fit(FittingObject, BtfFile.Parse(bytes, "x")))
        {
            Seeds = () => Objects().Select(bytes => ElfObject.Parse(bytes, "x").Find(".BTF")!.Content.ToArray()),
            Allowed = [typeof(EbpfFormatException)],
            Words = BtfWords,
        },
        new("object-excerpt", bytes => Excerpt(bytes, KernelOfSamples))
        {
            Seeds = Objects,
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. ElfWords, .. BtfWords],
        },
        new("operations", HideOperations) { Seeds = Objects, Allowed = [typeof(EbpfFormatException)], Words = [.. ElfWords, .. BtfWords, .. Words.Of(".struct_ops", ".struct_ops.link")] },
        new("kernel-excerpt", bytes => Excerpt(FittingObject, BtfFile.Parse(bytes, "x")))
        {
            Seeds = () => Objects().Select(bytes => ElfObject.Parse(bytes, "x").Find(".BTF")!.Content.ToArray()),
            Allowed = [typeof(EbpfFormatException)],
            Words = BtfWords,
        },
        new("bpf-comments", bytes => Assert.NotNull(DocumentationReader.Read(Encoding.UTF8.GetString(bytes), "x")))
        {
            Seeds = () =>
            [
                """
                /// tells
                #include "x.h"
                /** @cmdarg {"short": "p"} */
                const volatile int pid[4] = {1};
                /// @sample {"interval": 1000}
                struct { __uint(type, 1); } m SEC(".maps");
                SEC("xdp") int f(void *c) { return '}'; } // x
                """u8.ToArray(),
            ],
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. Words.Json, .. Words.Of("///", "/*", "*/", "/**", "@sample", "@cmdarg {}", "SEC(", "\\\n", "#", "'")],
        },
        new("bpf-event", Decode)
        {
            Seeds = () => Objects().SelectMany(bytes => BpfSpec.Parse(bytes, "x").Types!.Types.Where(t => t.IsComposite && t.Name.Length > 0)
                .Select(t => Event(t.Id, ElfObject.Parse(bytes, "x").Find(".BTF")!.Content.Span, [.. Enumerable.Range(1, 200).Select(i => (byte)i)]))),
            Allowed = [typeof(EbpfFormatException)],
            Words = [.. BtfWords, .. Words.Text],
        },
    ];

    public static IEnumerable<byte[]> Objects() =>
        Directory.GetFiles(Path.Join(AppContext.BaseDirectory, "objects"), "*.o").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    /// <summary>Each program gets an answer.</summary>
    static void Fit(byte[] bytes, BtfFile types, ModuleTypes? modules = null)
    {
        var spec = BpfSpec.Parse(bytes, "x");
        Assert.Equal(spec.Programs, ObjectFit.Check(bytes, spec, new KernelFacts(types, KernelDescription.Unknown) { Modules = modules }).Select(f => f.Program));
    }

    /// <summary>Under another name there are none, and nothing else is different.</summary>
    static void HideOperations(byte[] bytes)
    {
        var spec = BpfSpec.Parse(bytes, "x");
        var hidden = OperationsSections.Renamed(bytes, "x", OperationsSections.Hidden);
        var read = BpfSpec.Parse(hidden, "x");
        Assert.Equal(bytes.Length, hidden.Length);
        Assert.Empty(read.Operations);
        Assert.Equal(spec.Programs.Length, read.Programs.Length);
    }

    /// <summary>An excerpt answers as all of the types do.</summary>
    static void Excerpt(byte[] bytes, BtfFile types)
    {
        var spec = BpfSpec.Parse(bytes, "x");
        if (TypeExcerpt.IsEnoughFor(spec) && TypeExcerpt.Of(types, spec, () => false) is { } excerpt)
        {
            var (whole, part) = (new CoreResolver(types), new CoreResolver(BtfFile.Parse(excerpt, "excerpt")));
            foreach (var relocation in spec.Extension!.Relocations)
            {
                Assert.Equal(whole.Answer(relocation), part.Answer(relocation));
            }
        }
    }

    /// <summary>What is taken is written as it was meant.</summary>
    static void ReadDescription(byte[] bytes)
    {
        var text = Written(KernelDescriptionText.Read(bytes, "x"));
        Assert.Equal(text, Written(KernelDescriptionText.Read(Encoding.UTF8.GetBytes(text), "x")));
    }

    static string Written(KernelDescription kernel)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            KernelDescriptionText.Write(json, kernel);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static void WriteHeader(byte[] bytes)
    {
        using var header = new StringWriter();
        KernelHeader.Write(BtfFile.Parse(bytes, "x"), header);
        Assert.Contains("__VMLINUX_H__", header.ToString(), StringComparison.Ordinal);
    }

    static void ReadElf(byte[] bytes)
    {
        var elf = ElfObject.Parse(bytes, "x");
        Assert.True(ElfObject.IsOne(bytes));
        foreach (var section in elf.Sections)
        {
            Assert.All(elf.RelocationsOf(section), r => Assert.InRange(r.Symbol, 0, elf.Symbols.Length - 1));
        }
    }

    /// <summary>Whatever can be asked of a type is said, or refused as the file's fault.</summary>
    static void ReadBtf(byte[] bytes) => ReadTypes(BtfFile.Parse(bytes, "x"));

    /// <summary>The same of types that go on behind others.</summary>
    static void ReadModule(byte[] bytes)
    {
        var types = BtfFile.Parse(bytes, "x", KernelOfSamples);
        Assert.All(types.Types, t => Assert.InRange(t.Id, KernelOfSamples.Count, types.Count - 1));
        ReadTypes(types);
    }

    static IEnumerable<byte[]> Modules() => Directory.GetFiles(Path.Join(AppContext.BaseDirectory, "objects", "modules")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    static byte[] Listing() => [.. Modules().SelectMany((m, i) => (byte[])[.. Encoding.UTF8.GetBytes($"{m.Length} module_{i}\n"), .. m])];

    /// <summary>Whatever it is, something is said of it, or nothing.</summary>
    static void ReadProgram(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        _ = ProgramFile.HasFunction(file, "main");
        _ = ProgramFile.HasMark(file, "pm", "reached");
        _ = ProgramFile.FunctionsLike(file, "m*");
    }

    /// <summary>Whatever it is, a place in it has a name, or none.</summary>
    static void NamePlaces(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        var functions = ProgramFunctions.Read(file);
        for (var place = 0UL; place < (ulong)bytes.Length + 16; place += 8)
        {
            Assert.True(functions.NameOf(place) is null or { Length: > 4 });
        }
    }

    /// <summary>A program whose only segment is all of it, with four functions: beside, in and around one another. Source: elf(5).</summary>
    static byte[] SmallProgram()
    {
        const int head = 64;
        const int names = head + 56;
        const int symbols = names + 16;
        const int sections = symbols + (5 * 24);
        var bytes = new byte[sections + (4 * head)];
        "\u007fELF\u0002\u0001"u8.CopyTo(bytes);
        "\0main\0run\0go@V\0"u8.CopyTo(bytes.AsSpan(names));
        Put(32, head);
        Put(40, sections);
        (bytes[54], bytes[56], bytes[58], bytes[60]) = (56, 1, head, 4);
        bytes[head] = 1;
        Put(head + 16, 0x1000);
        Put(head + 32, bytes.Length);
        foreach (var (i, (name, address, size)) in new[] { (1, 0x1000, 64), (6, 0x1040, 64), (10, 0x1050, 8), (1, 0x1080, 0) }.Index())
        {
            var at = symbols + (24 * (i + 1));
            (bytes[at], bytes[at + 4], bytes[at + 6]) = ((byte)name, (byte)(2 | i << 4), 1);
            Put(at + 8, address);
            Put(at + 16, size);
        }

        foreach (var (number, type, place, size) in new[] { (1, 1, 0, bytes.Length), (2, 2, symbols, 5 * 24), (3, 3, names, 16) })
        {
            var at = sections + (number * head);
            (bytes[at + 4], bytes[at + 40]) = ((byte)type, (byte)(type == 2 ? 3 : 0));
            Put(at + 16, type == 1 ? 0x1000 : 0);
            Put(at + 24, place);
            Put(at + 32, size);
        }

        return bytes;

        void Put(int at, long value) => BitConverter.GetBytes(value).CopyTo(bytes, at);
    }

    static void ReadTypes(BtfFile types)
    {
        foreach (var type in types.Types)
        {
            _ = type.ToString();
            _ = BtfLayout.SizeOf(type);
            Assert.Equal(type.Count, CountOf(type));
            if (type.Name is { Length: > 0 } name && !name.Contains('\ufffd', StringComparison.Ordinal))
            {
                Assert.Equal(type, types.Find(type.Kind, name)!.Value.Id == type.Id ? type : types.Named(name).Single(t => t.Id == type.Id));
            }
        }
    }

    static int CountOf(BtfType type) => type.Kind switch
    {
        BtfKind.Struct or BtfKind.Union => type.Members.Length,
        BtfKind.Enum or BtfKind.Enum64 => type.Enumerators.Length,
        BtfKind.FunctionPrototype => type.Parameters.Length,
        BtfKind.DataSection => type.Variables.Length,
        _ => type.Count,
    };

    /// <summary>A type's number, how many bytes its types have, these, and a record.</summary>
    static byte[] Event(int type, ReadOnlySpan<byte> types, byte[] record) => [(byte)type, (byte)types.Length, (byte)(types.Length >> 8), .. types, .. record];

    /// <summary>What is written is one line, has nothing in it that steers a terminal, and is JSON where it says so.</summary>
    static void Decode(byte[] bytes)
    {
        if (bytes.Length < 3)
        {
            return;
        }

        var length = Math.Min(bytes[1] | bytes[2] << 8, bytes.Length - 3);
        var types = BtfFile.Parse(bytes.AsMemory(3, length), "x");
        var plain = EventDecoder.Compile(types[bytes[0]]);
        // All that can be read as something is, each in one of the rounds.
        var read = Readings.All.Select(reading => EventDecoder.Compile(types[bytes[0]], readings: plain.Columns.Distinct().ToDictionary(c => c, _ => reading)));
        foreach (var (decoder, record) in read.Prepend(plain).SelectMany(_ => new[] { bytes[(3 + length)..], [] }, (decoder, record) => (decoder, record)))
        {
            foreach (var write in new Action<EventBuffer>[] { b => decoder.WriteJson(record, b), b => decoder.WriteColumns(record, b), b => decoder.WriteText(record, b) })
            {
                var buffer = new EventBuffer();
                write(buffer);
                Assert.Equal(buffer.Length - 1, buffer.Written.IndexOfAnyInRange((byte)0, (byte)0x1f));
                Assert.Equal(-1, buffer.Written.IndexOf((byte)0x7f));
                Assert.True(Utf8.IsValid(buffer.Written));
            }

            var json = new EventBuffer();
            decoder.WriteJson(record, json);
            using var document = JsonDocument.Parse(json.Written.ToArray(), new JsonDocumentOptions { MaxDepth = 128 });
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        }
    }

    /// <summary>What is read is written as what is read again.</summary>
    static void ReadNotes(byte[] bytes)
    {
        var written = ObjectNotes.Parse(bytes, "x").ToBytes();
        Assert.Equal(written, ObjectNotes.Parse(written, "x").ToBytes());
    }

    static void ReadSpec(byte[] bytes)
    {
        var spec = BpfSpec.Parse(bytes, "x");
        foreach (var relocation in spec.Extension?.Relocations ?? [])
        {
            _ = CoreAccess.Describe(relocation);
        }

        foreach (var line in spec.Extension?.Lines ?? [])
        {
            _ = line.Text.Length + line.File.Length;
        }

        Assert.All(spec.Events, e => Assert.Equal(e.Source is EventSource.None, e.Type is null));
        Assert.All(spec.Globals, g => Assert.True(g.Default.IsEmpty || g.Default.Length == g.Size));
    }
}
