using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>Reads <c>gpg --with-colons</c>. Source: GnuPG doc/DETAILS, "Format of the colon listings".</summary>
static class KeyListingReader
{
    /// <summary>All keys; those that have no version 4 fingerprint are left out.</summary>
    public static IReadOnlyList<KeyListing> Read(string text)
    {
        var keys = new List<List<string[]>>();
        foreach (var line in text.Split('\n'))
        {
            var fields = line.TrimEnd('\r').Split(':');
            if (fields[0] is "pub" or "sec")
            {
                keys.Add([]);
            }
            keys.LastOrDefault()?.Add(fields);
        }
        return [.. keys.Select(ReadKey).OfType<KeyListing>()];
    }

    static KeyListing? ReadKey(List<string[]> lines)
    {
        var primary = lines[0];
        // The first of them belongs to the primary key, later ones to subkeys.
        var fingerprintLine = lines.Find(l => l[0] == "fpr");
        if (fingerprintLine is null || !Fingerprint.TryParse(Field(fingerprintLine, 9), out var fingerprint))
        {
            return null;
        }
        return new KeyListing
        {
            Fingerprint = fingerprint,
            UserIds = UserIds(lines),
            Created = Time(Field(primary, 5)),
            Expires = Expiry(lines),
            IsSecret = primary[0] == "sec",
            IsRevoked = Field(primary, 1) == "r",
            IsExpired = Field(primary, 1) == "e",
            CanSign = Field(primary, 11).Contains('S', StringComparison.Ordinal) && Field(primary, 1) is not ("r" or "e" or "i" or "d"),
        };
    }

    /// <summary>Of a key that is revoked as a whole, gpg calls every user id revoked; it still has to be named.</summary>
    static ImmutableArray<string> UserIds(List<string[]> lines)
    {
        var isRevoked = Field(lines[0], 1) == "r";
        return [.. lines.Where(l => l[0] == "uid" && (isRevoked || Field(l, 1) is not "r")).Select(l => Unescape(Field(l, 9)))];
    }

    /// <summary>The primary key's end, or the end of the last that may sign, whichever comes first.</summary>
    static DateTimeOffset? Expiry(List<string[]> lines)
    {
        var primary = Time(Field(lines[0], 6));
        var signing = lines
            .Where(l => l[0] is "pub" or "sec" or "sub" or "ssb" && Field(l, 1) is not "r" && Field(l, 11).Contains('s', StringComparison.Ordinal))
            .Select(l => Time(Field(l, 6)) ?? DateTimeOffset.MaxValue)
            .DefaultIfEmpty(DateTimeOffset.MaxValue)
            .Max();
        var end = primary < signing ? primary.Value : signing;
        return end == DateTimeOffset.MaxValue ? null : end;
    }

    static string Field(string[] fields, int index) => index < fields.Length ? fields[index] : "";

    static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= uint.MaxValue
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Undoes gpg's \xHH, which stands for bytes of UTF-8 and for colons.</summary>
    static string Unescape(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var isEscape = at + 3 < bytes.Length && bytes[at] == '\\' && bytes[at + 1] == 'x'
                && char.IsAsciiHexDigit((char)bytes[at + 2]) && char.IsAsciiHexDigit((char)bytes[at + 3]);
            bytes[length++] = isEscape ? Convert.FromHexString([(char)bytes[at + 2], (char)bytes[at + 3]])[0] : bytes[at];
            at += isEscape ? 3 : 0;
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
