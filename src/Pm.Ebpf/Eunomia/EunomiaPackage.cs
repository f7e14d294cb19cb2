using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Eunomia;

/// <summary>A <c>package.json</c> as eunomia's compiler writes it: an object, compressed, and what is said of it. Source: docs/formats/eunomia-json.md.</summary>
/// <param name="Content">An eBPF object, not looked into yet.</param>
/// <param name="Meta">What is said of it.</param>
public sealed record EunomiaPackage(ReadOnlyMemory<byte> Content, EunomiaMeta Meta)
{
    /// <summary><see cref="Meta"/> as it was written.</summary>
    public ReadOnlyMemory<byte> MetaBytes { get; init; }

    /// <param name="bytes">The file.</param>
    /// <param name="where">Its name, for messages.</param>
    /// <exception cref="EbpfFormatException">PM8062: it is none; PM8063: its object does not come out as it says.</exception>
    public static EunomiaPackage Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        if (bytes.Length > EunomiaLimits.Package)
        {
            throw new EbpfFormatException("PM8062", $"a package: at most {EunomiaLimits.Package} bytes, got {bytes.Length}", where);
        }

        try
        {
            return Read(WithoutMark(bytes), where);
        }
        catch (JsonException e)
        {
            throw NotJson(e, where);
        }
        catch (InvalidOperationException)
        {
            throw NotUnicode(where);
        }
    }

    /// <summary>A text with half a surrogate pair in it.</summary>
    internal static EbpfFormatException NotUnicode(string where) => new("PM8062", "a text is no Unicode", where);

    internal static EbpfFormatException NotJson(JsonException e, string where) =>
        new("PM8062", $"no JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1} cannot be read", where);

    static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith("\ufeff"u8) ? bytes[3..] : bytes;

    /// <summary>Only what is said of the object is made into values: the object itself may be large.</summary>
    static EunomiaPackage Read(ReadOnlyMemory<byte> bytes, string where)
    {
        var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { MaxDepth = EunomiaLimits.Depth });
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            throw Wrong("expected an object", where);
        }

        byte[]? compressed = null;
        long? size = null;
        ReadOnlyMemory<byte>? meta = null;
        var isEarly = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("bpf_object"u8))
            {
                reader.Read();
                compressed = compressed is null ? Decode(ref reader, where) : throw Twice("bpf_object", where);
            }
            else if (reader.ValueTextEquals("bpf_object_size"u8))
            {
                reader.Read();
                size = reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : throw Wrong("bpf_object_size: expected a number", where);
            }
            else if (reader.ValueTextEquals("meta"u8))
            {
                reader.Read();
                var start = reader.TokenStartIndex;
                reader.Skip();
                meta = meta is null ? bytes[(int)start..(int)reader.BytesConsumed] : throw Twice("meta", where);
            }
            else
            {
                isEarly |= reader.ValueTextEquals("ebpf_object_data"u8);
                reader.Read();
                reader.Skip();
            }
        }

        // Whatever follows would be hidden from who reads it with another reader.
        reader.Read();
        if (isEarly && compressed is null)
        {
            throw new EbpfFormatException(
                "PM8062", "the form of eunomia's packages before 2022-09, with `ebpf_object_data`, which is not read any more", where, "compile it again, with `pm build` or eunomia's `ecc`");
        }

        var content = Inflate(compressed ?? throw Missing("bpf_object", where), size ?? throw Missing("bpf_object_size", where), where);
        var said = meta ?? throw Missing("meta", where);
        return new EunomiaPackage(content, EunomiaMeta.Parse(said, "meta", where)) { MetaBytes = said };
    }

    static byte[] Decode(ref Utf8JsonReader reader, string where)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            throw Wrong("bpf_object: expected a text", where);
        }

        if (!reader.ValueIsEscaped)
        {
            return Decode(reader.ValueSpan, where);
        }

        // Some writers escape slashes.
        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return Decode(text.AsSpan(0, reader.CopyString(text)), where);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or no UTF-8.
            throw NoBase64(where);
        }
    }

    static byte[] Decode(ReadOnlySpan<byte> text, string where)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var count) is OperationStatus.Done
            ? bytes[..count]
            : throw NoBase64(where);
    }

    static EbpfFormatException NoBase64(string where) => new("PM8063", "bpf_object: no base64", where);

    static byte[] Inflate(byte[] compressed, long size, string where)
    {
        if (size is < 0 or > ElfLimits.Size)
        {
            throw new EbpfFormatException("PM8063", $"bpf_object_size: expected 0 to {ElfLimits.Size}, got {size}", where);
        }

        if (size > (long)compressed.Length * EunomiaLimits.Ratio)
        {
            throw new EbpfFormatException("PM8063", $"bpf_object_size: {compressed.Length} compressed bytes cannot hold {size}", where);
        }

        var bytes = new byte[size];
        using var source = new MemoryStream(compressed);
        using var stream = new ZLibStream(source, CompressionMode.Decompress);
        try
        {
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count < size ? throw new EbpfFormatException("PM8063", $"bpf_object: expected {size} bytes as bpf_object_size says, got {count}", where)
                : stream.ReadByte() >= 0 ? throw new EbpfFormatException("PM8063", $"bpf_object: expected {size} bytes as bpf_object_size says, got more", where)
                : bytes;
        }
        catch (InvalidDataException)
        {
            throw new EbpfFormatException("PM8063", "bpf_object: what the base64 holds is not compressed by zlib, or is damaged", where);
        }
    }

    static EbpfFormatException Missing(string name, string where) =>
        new("PM8062", $"member `{name}` is missing: this is no eunomia package", where, "a package has `bpf_object`, `bpf_object_size` and `meta` (docs/formats/eunomia-json.md)");

    static EbpfFormatException Twice(string name, string where) => Wrong($"{name}: it is there twice", where);

    static EbpfFormatException Wrong(string message, string where) => new("PM8062", message, where);
}
