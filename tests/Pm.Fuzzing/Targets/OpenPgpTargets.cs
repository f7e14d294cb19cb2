using Pm.Fuzzing.Gear;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Fuzzing.Targets;

/// <summary>What GnuPG prints, which repeats what signatures and keys say.</summary>
static class OpenPgpTargets
{
    const string Key = "FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C";
    const string Status = "[GNUPG:] NEWSIG\n[GNUPG:] KEY_CONSIDERED " + Key + " 0\n[GNUPG:] SIG_ID abc 2026-01-01 1767225600\n[GNUPG:] GOODSIG E3FDA54B8AE52F7C Alice <a@example.org>\n"
        + "[GNUPG:] VALIDSIG " + Key + " 2026-01-01 1767225600 0 4 0 22 10 00 " + Key + "\n[GNUPG:] TRUST_UNDEFINED 0 pgp\n";

    const string Listing = "tru::1:1767225600:0:3:1:5\npub:u:255:22:E3FDA54B8AE52F7C:1767225600:1799999999::u:::scESC::::::23::0:\nfpr:::::::::" + Key + ":\n"
        + "uid:u::::1767225600::0000::Alice \\x3a <a@example.org>::::::::::0:\nsub:u:255:18:AAAABBBBCCCCDDDD:1767225600::::::e::::::23:\nfpr:::::::::" + Key + ":\n";

    const string PublicKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"
        + "mDMEawC3+BYJKwYBBAHaRw8BAQdAEl79Ri0D0f4noaPobupFiR0DqEdyTHTmnY9h\nGkPzEFm0IURlbW8gQXV0aG9yIDxhdXRob3JAZGVtby5leGFtcGxlPoiWBBMWCAA+\n"
        + "FiEEuHmWD1mfIYoboEJWNs75JKt7pqEFAmsAt/gCGwMFCQWjmoAFCwkIBwIGFQoJ\nCAsCBBYCAwECHgECF4AACgkQNs75JKt7pqH+eQEAzDTPNwns6DrQHrNidAEaJP2l\n"
        + "GLUB6e3LtmQSOFDrv7MA/0ruLbrZGf6SpbEUnJBHmCXbEi/HGl4s264T9s3+m9oL\n=TYW6\n-----END PGP PUBLIC KEY BLOCK-----\n";

    static readonly byte[][] StatusWords =
    [
        .. Words.Text, .. Words.Of(
            "[GNUPG:] ", "GOODSIG ", "BADSIG ", "EXPSIG ", "EXPKEYSIG ", "REVKEYSIG ", "ERRSIG E3FDA54B8AE52F7C 22 10 00 1767225600 9 -", "VALIDSIG ", "NODATA 1", "KEYEXPIRED 1767225600",
            "NO_PUBKEY ", "NEWSIG", "UNEXPECTED 1", "FAILURE gpgv 1", Key, " 0 ", " 00 ", " 01 ", "20260101T000000"),
    ];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("gpg-status", ReadStatus)
        {
            Seeds = Reading.Seeds(
                Status, Status.Replace("GOODSIG", "EXPKEYSIG").Replace("VALIDSIG", "KEYEXPIRED 1767225600\n[GNUPG:] VALIDSIG"), Status.Replace("GOODSIG", "REVKEYSIG"),
                "[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG E3FDA54B8AE52F7C 22 10 00 1767225600 9 " + Key + "\n[GNUPG:] NO_PUBKEY E3FDA54B8AE52F7C\n",
                "[GNUPG:] NEWSIG\n[GNUPG:] BADSIG E3FDA54B8AE52F7C Alice\n", "[GNUPG:] NODATA 4\n", ""),
            Words = StatusWords,
        },
        new("gpg-listing", b => KeyListingReader.Read(Reading.Text(b)))
        {
            Seeds = Reading.Seeds(Listing, Listing.Replace("pub:u", "sec:e") + Listing.Replace("pub:u", "pub:r")),
            Words = [.. Words.Text, .. Words.Of(":", "::::", "pub:", "sec:", "sub:", "ssb:", "fpr:::::::::", "uid:r:", "\\x0a", "\\xff", Key)],
        },
        new("public-key-block", ReadPublicKey)
        {
            Seeds = Reading.Seeds(PublicKey, PublicKey.Replace("\n\n", "\nComment: x\n\n"), ""),
            Words = [.. Words.Text, .. Words.Of("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n", "mDME", "mQ", "xjM", "xv////////8", "tCE", "=TYW6", "\r\n")],
            MaximumLength = 4096,
        },
        new("fingerprint", ReadFingerprint)
        {
            Seeds = Reading.Seeds(Key, "FF32 4CE8 E0FD 31D8 9369  17F9 E3FD A54B 8AE5 2F7C", "0x" + Key),
            Words = Words.Hex,
            MaximumLength = 1024,
        },
    ];

    /// <summary>What was read is read again from the same bytes, and is no longer than they are.</summary>
    static void ReadPublicKey(byte[] bytes)
    {
        if (PublicKeyBlock.TryParse(bytes) is { } key)
        {
            Assert.Equal(key, PublicKeyBlock.TryParse(bytes));
            Assert.True(key.UserIds.Sum(id => id.Length) <= bytes.Length);
        }
    }

    static void ReadFingerprint(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        if (Fingerprint.TryParse(text, out var fingerprint))
        {
            var digits = text.Replace(" ", "");
            Assert.Equal(fingerprint.ToString(), digits[^Fingerprint.TextLength..], ignoreCase: true);
            Assert.True(digits[..^Fingerprint.TextLength].ToLowerInvariant() is "" or "0x");
        }
    }

    /// <summary>Good is only what a known key stands behind, whatever else is printed.</summary>
    static void ReadStatus(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        var check = GpgStatus.Parse(text);
        var refusal = Assert.IsType<SignerDecision.Refused>(SignerPolicy.Decide(check, new Dictionary<Fingerprint, KnownKey>()));
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        if (check is SignatureCheck.Good good)
        {
            Assert.Contains("VALIDSIG", text);
            Assert.Contains(good.Primary.ToString(), text, StringComparison.OrdinalIgnoreCase);
        }
    }
}
