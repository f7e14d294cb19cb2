using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>How people name a key: its fingerprint, the end of it (8 digits or more), or part of a user id.</summary>
static class KeySelector
{
    const int ShortestId = 8;

    public static bool Fits(string selector, Fingerprint fingerprint, string userId)
    {
        var digits = selector.Replace(" ", "", StringComparison.Ordinal);
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        return digits.Length >= ShortestId && digits.All(char.IsAsciiHexDigit)
            ? fingerprint.ToString().EndsWith(digits, StringComparison.OrdinalIgnoreCase)
            : selector.Length > 0 && userId.Contains(selector, StringComparison.OrdinalIgnoreCase);
    }
}
