using System.Globalization;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>Finds keys by what people call them: fingerprint, key id, e-mail address, a part of the user id.</summary>
static class KeySearch
{
    /// <summary>Shorter ones are words of a name as likely as key ids.</summary>
    const int ShortestKeyId = 8;

    const int MostListed = 8;

    /// <summary>
    /// The keys that <paramref name="text"/> names, by the strictest reading that names any. User ids are whatever a
    /// key's maker wrote, so a caller that gives trust takes only a single one.
    /// </summary>
    public static IReadOnlyList<T> Find<T>(
        IEnumerable<T> keys, string text, Func<T, Fingerprint> fingerprintOf, Func<T, IEnumerable<string>> userIdsOf)
    {
        var all = keys.ToList();
        var digits = Digits(text);
        return Enumerable.FirstOrDefault<List<T>>(
        [
            digits is null ? [] : all.FindAll(k => fingerprintOf(k).ToString().EndsWith(digits, StringComparison.Ordinal)),
            all.FindAll(k => userIdsOf(k).Any(u => MailOf(u).Equals(text.Trim('<', '>'), StringComparison.OrdinalIgnoreCase))),
            text.Length == 0 ? [] : all.FindAll(k => userIdsOf(k).Any(u => u.Contains(text, StringComparison.OrdinalIgnoreCase))),
        ], found => found.Count > 0) ?? [];
    }

    /// <summary>The error for several keys where one is needed: it lists them.</summary>
    /// <param name="what">How the message begins: "GnuPG holds".</param>
    public static StoreException Ambiguous(string code, string what, IEnumerable<(Fingerprint Fingerprint, string UserId)> keys, string hint)
    {
        var all = keys.OrderBy(k => k.UserId, StringComparer.Ordinal).ThenBy(k => k.Fingerprint).ToList();
        var lines = all.Take(MostListed).Select(k => $"\n  {k.Fingerprint} {ShownText.Of(k.UserId)}");
        var rest = all.Count > MostListed ? string.Create(CultureInfo.InvariantCulture, $"\n  and {all.Count - MostListed} more") : "";
        return new StoreException(code, $"{what} {all.Count} keys:{string.Concat(lines)}{rest}", hint);
    }

    /// <summary>What stands between the angle brackets; the whole user id where there are none.</summary>
    static string MailOf(string userId)
    {
        var open = userId.LastIndexOf('<');
        return open >= 0 && userId.EndsWith('>') ? userId[(open + 1)..^1] : userId;
    }

    static string? Digits(string text)
    {
        var digits = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        digits = digits.StartsWith("0X", StringComparison.Ordinal) ? digits[2..] : digits;
        return digits.Length is >= ShortestKeyId and <= Fingerprint.TextLength && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }
}
