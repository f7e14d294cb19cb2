using System.Diagnostics;
using System.Globalization;

namespace Pm.Trust.OpenPgp;

/// <summary>
/// Reads what gpgv writes to <c>--status-fd</c>. The exit code is no help: it is 0 for a revoked and for an expired key.
/// Source: GnuPG doc/DETAILS, "Format of the --status-fd output".
/// </summary>
public static class GpgStatus
{
    /// <summary>In characters. One signature gives less than 2 KiB.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>Judges the status text of checking one detached signature over one file.</summary>
    public static SignatureCheck Parse(string statusText)
    {
        if (statusText.Length > MaximumLength)
        {
            return new SignatureCheck.Malformed("gpgv reported more than one signature can give");
        }

        var lines = statusText.Split('\n').Select(GpgStatusLine.Parse).OfType<GpgStatusLine>().ToList();
        var results = lines.Where(line => line.IsResult).ToList();
        var signatures = Math.Max(results.Count, lines.Count(line => line.Keyword == "NEWSIG"));
        if (lines.Exists(line => line.Keyword.StartsWith("PLAINTEXT", StringComparison.Ordinal)))
        {
            // Text beside the signed part would be taken for signed (CVE-2013-1051).
            return new SignatureCheck.Malformed("the signature is not detached: it carries text of its own");
        }

        // One file has one signer: with two it would be open which of them a generation records, and an unknown one
        // beside a known one cannot be judged.
        return signatures > 1 ? new SignatureCheck.Several(signatures)
            : results is [var result] ? Judge(result, lines)
            : new SignatureCheck.Malformed(signatures == 0
                ? "it holds no OpenPGP signature" : "gpgv found a signature and could not judge it");
    }

    static SignatureCheck Judge(GpgStatusLine result, List<GpgStatusLine> lines) => result.Keyword switch
    {
        "BADSIG" => new SignatureCheck.Bad(result[0], result.Rest(1)),
        "ERRSIG" => JudgeUnchecked(result),
        _ => JudgeChecked(result, lines),
    };

    /// <summary>ERRSIG keyid pkalgo hashalgo sigclass time rc fingerprint: gpgv could not check it.</summary>
    static SignatureCheck JudgeUnchecked(GpgStatusLine result)
    {
        const string MissingKey = "9";
        var key = Fingerprint.TryParse(result[6], out var fingerprint) ? fingerprint.ToString() : result[0];
        return result[5] == MissingKey
            ? new SignatureCheck.UnknownKey(key)
            : new SignatureCheck.Unacceptable(key,
                ShownText.Of($"public-key algorithm {result[1]} with digest {result[2]} is not supported by gpgv (code {result[5]})"));
    }

    static SignatureCheck JudgeChecked(GpgStatusLine result, List<GpgStatusLine> lines)
    {
        var valid = lines.Where(line => line.Keyword == "VALIDSIG").ToList();
        if (valid is not [var proof]
            || !Fingerprint.TryParse(proof[0], out var signingKey)
            || !Fingerprint.TryParse(proof[9], out var primary)
            || !NamesKey(result[0], signingKey))
        {
            return new SignatureCheck.Malformed("gpgv did not say which key made it (VALIDSIG)");
        }

        var userId = result.Rest(1);
        return result.Keyword switch
        {
            "REVKEYSIG" => new SignatureCheck.RevokedKey(primary, userId),
            "EXPKEYSIG" => new SignatureCheck.ExpiredKey(primary, userId, KeyExpiry(lines)),
            "EXPSIG" => new SignatureCheck.ExpiredSignature(primary, userId, Time(proof[3])),
            "GOODSIG" => Accept(proof, signingKey, primary, userId),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>VALIDSIG fpr date time expires version reserved pkalgo hashalgo class primary.</summary>
    static SignatureCheck Accept(GpgStatusLine proof, Fingerprint signingKey, Fingerprint primary, string userId)
    {
        const string BinaryDocument = "00";
        if (WeakDigest(proof[7]) is { } weak)
        {
            return new SignatureCheck.Unacceptable(primary.ToString(), $"it uses {weak}, which can be forged");
        }

        if (proof[8] != BinaryDocument)
        {
            // A text signature (class 01) leaves line endings out, so the file could be altered under it.
            return new SignatureCheck.Unacceptable(primary.ToString(),
                $"it is of class {ShownText.Of(proof[8])}, not over the file's bytes (class 00)");
        }

        return Time(proof[2]) is { } made
            ? new SignatureCheck.Good(primary, signingKey, userId, made)
            : new SignatureCheck.Malformed("gpgv did not say when it was made");
    }

    static bool NamesKey(string key, Fingerprint fingerprint) =>
        key.Length >= 16 && fingerprint.ToString().EndsWith(key, StringComparison.OrdinalIgnoreCase);

    /// <summary>Digests without collision resistance. Numbers: RFC 4880, 9.4.</summary>
    static string? WeakDigest(string number) => number switch
    {
        "1" => "MD5",
        "2" => "SHA-1",
        "3" => "RIPEMD-160",
        _ => null,
    };

    static DateTimeOffset? KeyExpiry(List<GpgStatusLine> lines) =>
        lines.Find(line => line.Keyword == "KEYEXPIRED") is { } line ? Time(line[0]) : null;

    /// <summary>Seconds since 1970 or, where the text has a T, ISO 8601 without punctuation; 0 means never.</summary>
    static DateTimeOffset? Time(string text)
    {
        if (DateTimeOffset.TryParseExact(text, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        return isNumber && seconds is > 0 and <= uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }
}
