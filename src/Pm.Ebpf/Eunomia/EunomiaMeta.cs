using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Ebpf.Eunomia;

/// <summary>What a package of eunomia's says beside its object: flags, maps, events (docs/formats/eunomia-json.md).</summary>
public sealed record EunomiaMeta
{
    /// <summary>What it is called by its own command line.</summary>
    public required string Name { get; init; }

    public required EunomiaDoc Doc { get; init; }

    /// <summary>In the order of the sections.</summary>
    public required ImmutableArray<EunomiaVariable> Variables { get; init; }

    public required ImmutableArray<EunomiaMap> Maps { get; init; }

    public required ImmutableArray<EunomiaProgram> Programs { get; init; }

    public required ImmutableArray<EunomiaType> ExportTypes { get; init; }

    /// <summary>A line with the names stands above the events.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Each map says what its events are; else one map alone has some.</summary>
    public bool HasSeveralExports { get; init; }

    public bool IsVerbose { get; init; }

    /// <exception cref="EbpfFormatException">PM8062: it breaks a rule; the message has the place.</exception>
    public static EunomiaMeta Parse(ReadOnlyMemory<byte> bytes, string where) => Parse(bytes, "", where);

    internal static EunomiaMeta Parse(ReadOnlyMemory<byte> bytes, string path, string where)
    {
        if (bytes.Length > EunomiaLimits.Meta)
        {
            throw new EbpfFormatException("PM8062", $"meta: at most {EunomiaLimits.Meta} bytes, got {bytes.Length}", where);
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = EunomiaLimits.Depth });
            return EunomiaMetaReader.Read(new EunomiaNode(document.RootElement, path, where));
        }
        catch (JsonException e)
        {
            throw EunomiaPackage.NotJson(e, where);
        }
        catch (InvalidOperationException)
        {
            throw EunomiaPackage.NotUnicode(where);
        }
    }
}
