using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Registries;

/// <summary>What images of eBPF objects say of what is in them, in the words of those who read them. Sources: bpfman, "eBPF Bytecode Image Specifications"; Inspektor Gadget, "gadget.yaml".</summary>
static class ImageLabels
{
    /// <summary>Names of programs with their types, and names of maps with theirs.</summary>
    public static IReadOnlyDictionary<string, string> OfBpfman(BpfSpec spec) => new Dictionary<string, string>
    {
        ["io.ebpf.programs"] = Pairs(spec.Programs.Select(p => (p.Name, Word(p.Section)))),
        ["io.ebpf.maps"] = Pairs(spec.Maps.Select(m => (m.Name, Word(m.Kind)))),
    };

    /// <summary>What a gadget is called; all else its users find in the object. A quoted text of JSON is one of YAML, too.</summary>
    public static ReadOnlyMemory<byte> OfGadget(string name, string description) =>
        Encoding.UTF8.GetBytes($"name: \"{JsonEncodedText.Encode(name)}\"\ndescription: \"{JsonEncodedText.Encode(description)}\"\n");

    /// <summary>What stands before the first slash says the type, but for what is sleepable or optional.</summary>
    static string Word(string section) => section.TrimStart('?').Split('/')[0].Split('.')[0] switch
    {
        "tp" => "tracepoint",
        "raw_tp" => "raw_tracepoint",
        "ksyscall" => "kprobe",
        "kretsyscall" => "kretprobe",
        "classifier" => "tc",
        var word => word,
    };

    static string Word(MapKind kind) => kind switch
    {
        MapKind.RingBuffer => "ring_buf",
        MapKind.LongestPrefixTrie => "lpm_trie",
        _ => string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")),
    };

    static string Pairs(IEnumerable<(string Name, string Word)> pairs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var (name, word) in pairs.OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                json.WriteString(name, word);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
