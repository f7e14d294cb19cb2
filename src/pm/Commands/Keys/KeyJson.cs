using System.Text.Json;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary>Keys as <c>--json</c> gives them.</summary>
static class KeyJson
{
    /// <summary>The members of one key of a ring, into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, KeyRecord key)
    {
        json.WriteString("fingerprint"u8, key.Fingerprint.ToString());
        json.WriteString("state"u8, KeyRecord.TextOf(key.State));
        WriteUsers(json, key.UserIds);
        WriteTimes(json, key.Created, key.Expires);
        json.WriteString("since"u8, key.Since.UtcDateTime);
        json.WriteString("source"u8, key.Source);
    }

    /// <summary>The members of a key that gpg lists.</summary>
    public static void WriteMembers(Utf8JsonWriter json, KeyListing key)
    {
        json.WriteString("fingerprint"u8, key.Fingerprint.ToString());
        json.WriteBoolean("can_sign"u8, key.CanSign);
        WriteUsers(json, key.UserIds);
        WriteTimes(json, key.Created, key.Expires);
    }

    static void WriteUsers(Utf8JsonWriter json, IEnumerable<string> userIds)
    {
        json.WriteStartArray("users"u8);
        foreach (var user in userIds)
        {
            json.WriteStringValue(user);
        }

        json.WriteEndArray();
    }

    static void WriteTimes(Utf8JsonWriter json, DateTimeOffset? created, DateTimeOffset? expires)
    {
        Write("created", created);
        Write("expires", expires);

        void Write(string name, DateTimeOffset? time)
        {
            if (time is { } known)
            {
                json.WriteString(name, known.UtcDateTime);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }
}
