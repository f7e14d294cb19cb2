using System.Globalization;
using System.Text;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>Reads what <c>gpg --with-colons</c> prints. Source: GnuPG's doc/DETAILS, "Format of the colon listings".</summary>
static class KeyListing
{
    const int ValidityField = 1;
    const int CreatedField = 5;
    const int ExpiresField = 6;
    const int TextField = 9;

    public static List<ListedKey> Parse(string text)
    {
        var keys = new List<ListedKey>();
        string[]? primary = null;
        Fingerprint? fingerprint = null;
        string? userId = null;
        foreach (var line in text.Split('\n').Append("pub:end"))
        {
            var fields = line.Split(':');
            switch (fields[0])
            {
                case "pub" or "sec":
                    if (primary is not null && fingerprint is { } known)
                    {
                        keys.Add(KeyOf(primary, known, userId ?? ""));
                    }
                    (primary, fingerprint, userId) = (fields, null, null);
                    break;
                case "fpr" when fingerprint is null && Fingerprint.TryParse(Field(fields, TextField), out var parsed):
                    fingerprint = parsed;
                    break;
                case "uid" when userId is null && Field(fields, ValidityField) is not "r":
                    userId = ShownText.Of(Unescape(Field(fields, TextField)));
                    break;
            }
        }
        return keys;
    }

    static ListedKey KeyOf(string[] primary, Fingerprint fingerprint, string userId) => new(
        fingerprint, userId, primary[0] == "sec", Field(primary, ValidityField) == "r", Field(primary, ValidityField) == "e",
        Time(Field(primary, CreatedField)), Time(Field(primary, ExpiresField)));

    static string Field(string[] fields, int index) => index < fields.Length ? fields[index] : "";

    static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= uint.MaxValue
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>A colon in a user id is written <c>\x3a</c>.</summary>
    static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }
        var bytes = new List<byte>();
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\\' && i + 3 < source.Length && source[i + 1] == 'x'
                && byte.TryParse(source.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var octet))
            {
                bytes.Add(octet);
                i += 3;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
