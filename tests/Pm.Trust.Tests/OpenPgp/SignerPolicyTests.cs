using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Trust.Tests.OpenPgp;

public sealed class SignerPolicyTests
{
    static readonly Fingerprint Alice = Fingerprint.Parse("FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C");
    static readonly SignatureCheck.Good Good = new(Alice, Alice, "Alice <alice@example.org>", DateTimeOffset.UnixEpoch);

    [Fact]
    public void Only_a_trusted_key_is_accepted()
    {
        var accepted = Assert.IsType<SignerDecision.Accepted>(SignerPolicy.Decide(Good, Ring(TrustState.Trusted)));

        Assert.Equal(Alice, accepted.Signer);
    }

    [Fact]
    public void A_key_that_is_known_is_refused_with_the_command_that_trusts_it()
    {
        var refused = Refusal(Good, Ring(TrustState.Known));

        Assert.Equal("PM3005", refused.Code);
        Assert.Equal($"pm key trust {Alice}", refused.Hint);
        Assert.Contains("Alice <alice@example.org>", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_signature_by_a_key_that_the_owner_of_the_ring_marked_revoked_is_refused() =>
        Assert.Equal("PM3008", Refusal(Good, Ring(TrustState.Revoked)).Code);

    [Fact]
    public void A_good_signature_by_a_key_that_is_not_in_the_ring_is_refused() =>
        Assert.Equal("PM3004", Refusal(Good, new Dictionary<Fingerprint, KnownKey>()).Code);

    [Fact]
    public void Every_other_outcome_is_refused_with_its_code_even_when_the_key_is_trusted()
    {
        (SignatureCheck Check, string Code)[] cases =
        [
            (new SignatureCheck.Missing(), "PM3001"),
            (new SignatureCheck.Malformed("empty"), "PM3002"),
            (new SignatureCheck.Several(2), "PM3002"),
            (new SignatureCheck.Bad("E3FDA54B8AE52F7C", "Alice"), "PM3003"),
            (new SignatureCheck.UnknownKey("E3FDA54B8AE52F7C"), "PM3004"),
            (new SignatureCheck.ExpiredKey(Alice, "Alice", DateTimeOffset.UnixEpoch), "PM3006"),
            (new SignatureCheck.ExpiredSignature(Alice, "Alice", null), "PM3007"),
            (new SignatureCheck.RevokedKey(Alice, "Alice"), "PM3008"),
            (new SignatureCheck.Unacceptable(Alice.ToString(), "it uses SHA-1"), "PM3009"),
        ];

        foreach (var (check, code) in cases)
        {
            Assert.Equal(code, Refusal(check, Ring(TrustState.Trusted)).Code);
        }
    }

    [Fact]
    public void A_refusal_becomes_an_exception_that_names_the_file()
    {
        var exception = Refusal(new SignatureCheck.Missing(), Ring(TrustState.Trusted)).ToException("foo-1.2.pkg");

        Assert.Equal("foo-1.2.pkg: not signed", exception.Message);
        Assert.Equal("pm pkg sign FILE", exception.Hint);
    }

    static SignerDecision.Refused Refusal(SignatureCheck check, IReadOnlyDictionary<Fingerprint, KnownKey> keys) =>
        Assert.IsType<SignerDecision.Refused>(SignerPolicy.Decide(check, keys));

    static Dictionary<Fingerprint, KnownKey> Ring(TrustState state) =>
        new() { [Alice] = new KnownKey(Alice, "Alice <alice@example.org>", state) };
}
