using System.Buffers;
using System.Text.Json;

namespace Pm.Ebpf.Filters;

/// <summary>A filter of traffic control that pm made, as it is written down while it is there: unlike a link it outlives the process that made it.</summary>
sealed record FilterRecord
{
    const int Format = 1;

    /// <summary>The number of the network that the interface is in. Source: namespaces(7).</summary>
    public required ulong Network { get; init; }

    /// <summary>The number of the interface in that network.</summary>
    public required int Interface { get; init; }

    public required string InterfaceName { get; init; }

    /// <summary>On the way out.</summary>
    public required bool IsEgress { get; init; }

    /// <summary>The kernel's number of the program, which no other has until the machine starts again: so it is known to be that filter.</summary>
    public required uint Program { get; init; }

    /// <summary>The room for filters on that interface was made by pm.</summary>
    public required bool MadeDiscipline { get; init; }

    /// <summary>Whether both are on one interface.</summary>
    public bool IsBeside(FilterRecord other) => Network == other.Network && Interface == other.Interface;

    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format"u8, Format);
            json.WriteNumber("network"u8, Network);
            json.WriteNumber("interface"u8, Interface);
            json.WriteString("interface_name"u8, InterfaceName);
            json.WriteBoolean("egress"u8, IsEgress);
            json.WriteNumber("program"u8, Program);
            json.WriteBoolean("made_discipline"u8, MadeDiscipline);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <returns>Null: it is none, or one of a later pm.</returns>
    public static FilterRecord? TryRead(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return root.GetProperty("format"u8).GetInt32() != Format ? null : new FilterRecord
            {
                Network = root.GetProperty("network"u8).GetUInt64(),
                Interface = root.GetProperty("interface"u8).GetInt32(),
                InterfaceName = root.GetProperty("interface_name"u8).GetString()!,
                IsEgress = root.GetProperty("egress"u8).GetBoolean(),
                Program = root.GetProperty("program"u8).GetUInt32(),
                MadeDiscipline = root.GetProperty("made_discipline"u8).GetBoolean(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }
}
