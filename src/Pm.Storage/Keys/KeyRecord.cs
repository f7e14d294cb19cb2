using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>What a ring says of one of its keys: <c>FPR.json</c>. See docs/formats/keyring.md.</summary>
public sealed record KeyRecord
{
    internal const int MaximumSize = 256 * 1024;

    const int Format = 1;

    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Of the primary key.</summary>
    public required Fingerprint Fingerprint { get; init; }

    public required TrustState State { get; init; }

    /// <summary>When it came to that state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>All its user ids, the primary one first: unverified text.</summary>
    public required ImmutableArray<string> UserIds { get; init; }

    /// <summary>How it came into the ring: "import alice.asc".</summary>
    public required string Source { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>From when on it makes no good signatures; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public string UserId => UserIds.FirstOrDefault("");

    public KnownKey ToKnownKey() => new(Fingerprint, UserId, State, Created, Expires);

    internal byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, StorageJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("fingerprint", Fingerprint.ToString());
            writer.WriteString("state", TextOf(State));
            writer.WriteString("since", Text(Since));
            writer.WriteStartArray("users");
            foreach (var user in UserIds)
            {
                writer.WriteStringValue(user);
            }
            writer.WriteEndArray();
            writer.WriteString("source", Source);
            WriteTime(writer, "created", Created);
            WriteTime(writer, "expires", Expires);
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="expected">The fingerprint that its file name says.</param>
    /// <exception cref="StoreException">Damaged, or of a newer pm.</exception>
    internal static KeyRecord Parse(ReadOnlyMemory<byte> bytes, Fingerprint expected, string where)
    {
        using var document = StorageJson.Open(bytes, MaximumSize, where);
        return StorageJson.Read(where, () => Read(document.RootElement, expected, where));
    }

    static KeyRecord Read(JsonElement json, Fingerprint expected, string where)
    {
        StorageJson.RequireFormat(json, Format, where);
        var fingerprint = Fingerprint.Parse(json.GetProperty("fingerprint").GetString()!);
        if (fingerprint != expected)
        {
            throw new FormatException($"fingerprint: expected {expected}, got {fingerprint}");
        }
        return new KeyRecord
        {
            Fingerprint = fingerprint,
            State = StateOf(json.GetProperty("state").GetString()),
            Since = json.GetProperty("since").GetDateTimeOffset(),
            UserIds = [.. json.GetProperty("users").EnumerateArray().Select(u => u.GetString()!)],
            Source = json.GetProperty("source").GetString()!,
            Created = TimeOf(json, "created"),
            Expires = TimeOf(json, "expires"),
        };
    }

    /// <summary>The word for a state, as files and people see it.</summary>
    public static string TextOf(TrustState state) => state switch
    {
        TrustState.Trusted => "trusted",
        TrustState.Known => "known",
        TrustState.Revoked => "revoked",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static TrustState StateOf(string? text) => text switch
    {
        "trusted" => TrustState.Trusted,
        "known" => TrustState.Known,
        "revoked" => TrustState.Revoked,
        _ => throw new FormatException($"state: expected trusted, known or revoked, got {text}"),
    };

    static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, Text(known));
        }
    }

    static DateTimeOffset? TimeOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var time) ? time.GetDateTimeOffset() : null;

    static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
