using System.Text;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class TufKeyTests
{
    /// <summary>The key of the example in TUF 4.3 and its id there.</summary>
    const string Public = "72378e5bc588793e58f81c8533da64a2e8f1565c1fcc7f253496394ffc52542c";
    const string SpecificationId = "1bf1c6e3cdd3d3a8420b19199e27511999850f4b376c4547b2f32fba7e80fca3";
    const string GoId = "506a349b85945d0d99c7289c3f0f1f6c550218089d1d38a3f64824db31e827ac";

    [Theory]
    [InlineData(SpecificationId, "")]
    [InlineData(GoId, ""","keyid_hash_algorithms":["sha256","sha512"]""")]
    [InlineData(SpecificationId, ""","x-owner":"@somebody" """)]
    [InlineData(SpecificationId, ""","keyid_hash_algorithms":["sha256","sha512"]""")]
    public void Ids_computed_by_the_specification_and_by_go_are_a_keys_own(string id, string more)
    {
        var key = Parse(id, $$"""{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"{{Public}}"} {{more}} }""");

        Assert.True(key.IsUsable);
        Assert.Equal(Public, key.PublicHex);
    }

    [Fact]
    public void A_key_under_another_keys_id_is_not_usable() =>
        Assert.False(Parse(SpecificationId.Replace('1', '2'),
            $$"""{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"{{Public}}"} }""").IsUsable);

    [Theory]
    [InlineData("""{"keytype":"sphincs","scheme":"x","keyval":{"public":"00"}}""")]
    [InlineData("""{"keytype":"ed25519","scheme":"x","keyval":{"public":"00"}}""")]
    [InlineData("""{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"00"}}""")]
    [InlineData("""{"keytype":"sigstore-oidc","scheme":"Fulcio","keyval":{"identity":"a","issuer":"b"}}""")]
    public void Keys_of_unknown_type_are_tolerated_and_verify_nothing(string json)
    {
        var key = Parse("id", json);

        Assert.False(key.IsUsable);
        Assert.False(key.Verifies([], new byte[64]));
    }

    [Theory]
    [InlineData("""{"scheme":"ed25519","keyval":{"public":"00"}}""")]
    [InlineData("""{"keytype":"ed25519","scheme":7,"keyval":{"public":"00"}}""")]
    [InlineData("""{"keytype":"ed25519","scheme":"ed25519","keyval":[]}""")]
    public void A_key_without_its_fields_is_malformed(string json) =>
        Assert.Throws<MetadataException>(() => Parse("id", json));

    [Fact]
    public void A_made_key_has_the_id_that_go_computes() =>
        Assert.Equal(GoId, TufKey.FromEd25519(Convert.FromHexString(Public)).Id);

    [Fact]
    public void A_key_verifies_what_its_secret_half_signed_and_nothing_else()
    {
        var key = SecretKey.Create();
        var signature = key.Sign("message"u8);

        Assert.True(key.Public.Verifies("message"u8, signature));
        Assert.False(key.Public.Verifies("massage"u8, signature));
        Assert.False(key.Public.Verifies("message"u8, []));
    }

    /// <summary>Keys of a repository that tuf-on-ci keeps, with a field of its own in the object that the id covers.</summary>
    [Theory]
    [InlineData("aa61e09f6af7662ac686cf0c6364079f63d3e7a86836684eeced93eace3acd81", "x-tuf-on-ci-keyowner\":\"@jku",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEohqIdE+yTl4OxpX8ZxNUPrg3SL9H\\nBDnhZuceKkxy2oMhUOxhWweZeG3bfM1T4ZLnJimC6CAYVU5+F5jZCoftRw==")]
    public void A_key_with_further_fields_has_the_id_that_its_tool_computed(string id, string more, string base64) =>
        Assert.True(Parse(id, $$"""
            {"keytype":"ecdsa","scheme":"ecdsa-sha2-nistp256","{{more}}",
             "keyval":{"public":"-----BEGIN PUBLIC KEY-----\n{{base64}}\n-----END PUBLIC KEY-----\n"} }
            """).IsUsable);

    [Theory]
    [InlineData("ecdsa", false)]
    [InlineData("ecdsa", true)]
    [InlineData("ecdsa-sha2-nistp256", false)]
    [InlineData("ecdsa-sha2-nistp256", true)]
    public void An_ecdsa_key_of_either_type_and_form_verifies(string type, bool isHex)
    {
        using var key = new EcdsaSigner(type, isHex);

        Assert.True(key.Public.IsUsable);
        Assert.True(key.Public.Verifies("message"u8, key.Sign("message"u8)));
        Assert.False(key.Public.Verifies("massage"u8, key.Sign("message"u8)));
    }

    [Fact]
    public void One_key_in_two_forms_is_one_key()
    {
        using var key = new EcdsaSigner();
        var hex = TufKey.Of("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", key.PointHex);

        Assert.NotEqual(key.Public.Id, hex.Id);
        Assert.Equal(key.Public.PublicHex, hex.PublicHex);
    }

    [Fact]
    public void An_rsa_key_verifies_and_a_short_one_does_not()
    {
        using var key = new RsaSigner();
        using var small = new RsaSigner(1024);

        Assert.True(key.Public.Verifies("message"u8, key.Sign("message"u8)));
        Assert.False(key.Public.Verifies("massage"u8, key.Sign("message"u8)));
        Assert.False(small.Public.IsUsable);
    }

    [Theory]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256", "04ff")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256", "no key at all")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256", "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp384", "")]
    [InlineData("rsa", "rsassa-pss-sha256", "")]
    [InlineData("rsa", "rsassa-pkcs1v15-sha256", "")]
    public void What_is_no_key_verifies_nothing(string type, string scheme, string text) =>
        Assert.False(TufKey.Of(type, scheme, text).IsUsable);

    static TufKey Parse(string id, string json)
    {
        var element = StrictJson.Parse(Encoding.UTF8.GetBytes(json), 10_000, "key");
        return TufKey.Parse(id, element, new JsonFields(element, "key"));
    }
}
