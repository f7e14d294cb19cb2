using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Trust.Tests.OpenPgp;

/// <summary>The texts are what gpgv 2.2.40 wrote for real keys and signatures.</summary>
public sealed class GpgStatusTests
{
    const string Alice = "FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C";
    const string Sub = "A47C3BED1DCF9C00DAB8204D14E54688B4C6005D";
    const string SubSigner = "D03ADB7D87E4951D5CAD4362A0A450954DB7961D";
    const string Rita = "D8B4C201591545F4FE07312E65A2D2B85C246CF4";
    const string Eve = "9B0B3D11B2848FAA3C0BAED87490E7F4EED6210D";

    const string GoodByAlice = $"""
        [GNUPG:] NEWSIG
        [GNUPG:] KEY_CONSIDERED {Alice} 0
        [GNUPG:] SIG_ID EOWIxgoKlQr6vKba9X3YlNzz1xs 2026-11-20 1795195328
        [GNUPG:] KEY_CONSIDERED {Alice} 0
        [GNUPG:] GOODSIG E3FDA54B8AE52F7C Alice Publisher <alice@example.org>
        [GNUPG:] VALIDSIG {Alice} 2026-11-20 1795195328 0 4 0 22 8 00 {Alice}
        """;

    const string UnknownKey = """
        [GNUPG:] NEWSIG
        [GNUPG:] ERRSIG D9F6DBFD5F050D4D 22 8 00 1795195328 9 F08AC6610657CEE6BBA853CDD9F6DBFD5F050D4D
        [GNUPG:] NO_PUBKEY D9F6DBFD5F050D4D
        """;

    [Fact]
    public void A_good_signature_names_the_primary_key_the_user_and_the_time()
    {
        var check = GpgStatus.Parse(GoodByAlice);

        var good = Assert.IsType<SignatureCheck.Good>(check);
        Assert.Equal(Alice, good.Primary.ToString());
        Assert.Equal("Alice Publisher <alice@example.org>", good.UserId);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795195328), good.Made);
    }

    [Fact]
    public void A_subkeys_signature_is_its_primary_keys()
    {
        var good = Assert.IsType<SignatureCheck.Good>(GpgStatus.Parse($"""
            [GNUPG:] NEWSIG
            [GNUPG:] GOODSIG A0A450954DB7961D Sub Key <sub@example.org>
            [GNUPG:] VALIDSIG {SubSigner} 2026-11-20 1795195328 0 4 0 22 8 00 {Sub}
            """));

        Assert.Equal(Sub, good.Primary.ToString());
        Assert.Equal(SubSigner, good.SigningKey.ToString());
    }

    [Fact]
    public void A_revoked_key_is_told_though_gpgv_calls_the_signature_valid()
    {
        var check = GpgStatus.Parse($"""
            [GNUPG:] NEWSIG
            [GNUPG:] KEY_CONSIDERED {Rita} 0
            [GNUPG:] REVKEYSIG 65A2D2B85C246CF4 Rita Revoked <rita@example.org>
            [GNUPG:] VALIDSIG {Rita} 2026-11-20 1795195328 0 4 0 22 8 00 {Rita}
            """);

        Assert.Equal(Rita, Assert.IsType<SignatureCheck.RevokedKey>(check).Primary.ToString());
    }

    [Fact]
    public void An_expired_key_is_told_with_its_day()
    {
        var check = GpgStatus.Parse($"""
            [GNUPG:] NEWSIG
            [GNUPG:] KEYEXPIRED 1609372800
            [GNUPG:] EXPKEYSIG 7490E7F4EED6210D Eve Expired <eve@example.org>
            [GNUPG:] VALIDSIG {Eve} 2020-06-01 1590969600 0 4 0 22 8 00 {Eve}
            """);

        var expired = Assert.IsType<SignatureCheck.ExpiredKey>(check);
        Assert.Equal(new DateTimeOffset(2020, 12, 31, 0, 0, 0, TimeSpan.Zero), expired.Expired);
    }

    [Fact]
    public void An_expired_signature_is_told_with_its_time()
    {
        var check = GpgStatus.Parse($"""
            [GNUPG:] NEWSIG
            [GNUPG:] EXPSIG E3FDA54B8AE52F7C Alice Publisher <alice@example.org>
            [GNUPG:] VALIDSIG {Alice} 2026-11-20 1795195328 1795195329 4 0 22 8 00 {Alice}
            """);

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795195329),
            Assert.IsType<SignatureCheck.ExpiredSignature>(check).Expired);
    }

    [Fact]
    public void An_unknown_key_is_told_by_its_fingerprint() =>
        Assert.Equal("F08AC6610657CEE6BBA853CDD9F6DBFD5F050D4D",
            Assert.IsType<SignatureCheck.UnknownKey>(GpgStatus.Parse(UnknownKey)).Key);

    [Fact]
    public void An_unsupported_algorithm_is_not_an_unknown_key() =>
        Assert.IsType<SignatureCheck.Unacceptable>(
            GpgStatus.Parse("[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG D9F6DBFD5F050D4D 99 8 00 1795195328 4 -\n"));

    [Fact]
    public void An_altered_file_is_told()
    {
        var check = GpgStatus.Parse($"""
            [GNUPG:] NEWSIG
            [GNUPG:] KEY_CONSIDERED {Alice} 0
            [GNUPG:] BADSIG E3FDA54B8AE52F7C Alice Publisher <alice@example.org>
            """);

        Assert.Equal("E3FDA54B8AE52F7C", Assert.IsType<SignatureCheck.Bad>(check).KeyId);
    }

    [Theory]
    [InlineData("[GNUPG:] NODATA 2")]
    [InlineData("[GNUPG:] NODATA 1\n[GNUPG:] NODATA 2")]
    [InlineData("")]
    [InlineData("gpgv: Good signature from \"Alice\"")]
    [InlineData("[GNUPG:]")]
    [InlineData("[GNUPG:] NEWSIG")]
    [InlineData("[GNUPG:] GOODSIG E3FDA54B8AE52F7C Alice")]
    [InlineData($"[GNUPG:] VALIDSIG {Alice} 2026-11-20 1795195328 0 4 0 22 8 00 {Alice}")]
    [InlineData($"[GNUPG:] GOODSIG E3FDA54B8AE52F7C A\n[GNUPG:] VALIDSIG {Alice} 2026-11-20 1795195328 0 4 0 22 8 00")]
    [InlineData($"[GNUPG:] GOODSIG E3FDA54B8AE52F7C A\n[GNUPG:] VALIDSIG {Rita} 2026-11-20 1795195328 0 4 0 22 8 00 {Rita}")]
    [InlineData($"[GNUPG:] GOODSIG 7C A\n[GNUPG:] VALIDSIG {Alice} 2026-11-20 1795195328 0 4 0 22 8 00 {Alice}")]
    [InlineData($"[GNUPG:] PLAINTEXT 74 0 \n{GoodByAlice}")]
    public void Anything_but_one_proved_detached_signature_is_malformed(string status) =>
        Assert.IsType<SignatureCheck.Malformed>(GpgStatus.Parse(status));

    [Theory]
    [InlineData("22 2 00", "SHA-1")]
    [InlineData("1 1 00", "MD5")]
    [InlineData("22 8 01", "class 01")]
    public void A_weak_digest_or_a_text_signature_is_not_acceptable(string algorithms, string reason)
    {
        var check = GpgStatus.Parse(GoodByAlice.Replace("22 8 00", algorithms, StringComparison.Ordinal));

        Assert.Contains(reason, Assert.IsType<SignatureCheck.Unacceptable>(check).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnknownKey)]
    [InlineData(GoodByAlice)]
    public void Two_signatures_are_several_whatever_the_second_is(string second) =>
        Assert.Equal(2, Assert.IsType<SignatureCheck.Several>(GpgStatus.Parse($"{GoodByAlice}\n{second}")).Count);

    [Fact]
    public void A_user_id_cannot_steer_the_terminal()
    {
        var status = GoodByAlice.Replace("Alice Publisher", "Al%1B[31mice%0A\u202Eeve", StringComparison.Ordinal);

        var good = Assert.IsType<SignatureCheck.Good>(GpgStatus.Parse(status));

        Assert.Equal(@"Al\u001b[31mice\u000a\u202eeve <alice@example.org>", good.UserId);
    }

    [Fact]
    public void Any_mutation_of_a_status_text_is_judged_without_an_exception()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var text = (GoodByAlice + "\n" + UnknownKey).ToCharArray(0, random.Next(GoodByAlice.Length + UnknownKey.Length));
            for (var change = random.Next(4); change > 0 && text.Length > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(0x100);
            }

            Assert.NotNull(GpgStatus.Parse(new string(text)));
        }
    }
}
