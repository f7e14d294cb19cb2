using System.Diagnostics;
using System.Globalization;

namespace Pm.Trust.OpenPgp;

/// <summary>Decides by a checked signature and the keys of a ring. Only a key that somebody trusted is accepted.</summary>
public static class SignerPolicy
{
    public static SignerDecision Decide(SignatureCheck check, IReadOnlyDictionary<Fingerprint, KnownKey> keys) => check switch
    {
        SignatureCheck.Good good => DecideSigner(good, keys),
        SignatureCheck.Missing => Refuse("PM3001", "not signed", "pm pkg sign FILE"),
        SignatureCheck.Malformed malformed => Refuse("PM3002", $"the signature is not usable: {malformed.Reason}"),
        SignatureCheck.Several several =>
            Refuse("PM3002", $"expected one signature, got {several.Count}", "pm pkg sign FILE"),
        SignatureCheck.Bad bad => Refuse("PM3003",
            $"altered after it was signed: the signature of {bad.UserId} (key {ShownText.Of(bad.KeyId)}) does not fit"),
        SignatureCheck.UnknownKey unknown => Unknown(ShownText.Of(unknown.Key)),
        SignatureCheck.ExpiredKey expired => Refuse("PM3006",
            $"the key of {expired.UserId} ({expired.Primary}) expired{On(expired.Expired)}", "pm key import --trust FILE", expired.Primary),
        SignatureCheck.ExpiredSignature expired => Refuse("PM3007",
            $"the signature of {expired.UserId} ({expired.Primary}) expired{On(expired.Expired)}", "pm pkg sign FILE", expired.Primary),
        SignatureCheck.RevokedKey revoked => Revoked(revoked.Primary, revoked.UserId),
        SignatureCheck.Unacceptable unacceptable => Refuse("PM3009",
            $"the signature by key {ShownText.Of(unacceptable.KeyId)} is not acceptable: {unacceptable.Reason}"),
        _ => throw new UnreachableException(),
    };

    static SignerDecision DecideSigner(SignatureCheck.Good good, IReadOnlyDictionary<Fingerprint, KnownKey> keys)
    {
        if (!keys.TryGetValue(good.Primary, out var key))
        {
            return Unknown(good.Primary.ToString());
        }

        return key.State switch
        {
            TrustState.Trusted => new SignerDecision.Accepted(good.Primary, good.UserId),
            TrustState.Revoked => Revoked(good.Primary, good.UserId),
            TrustState.Known => Refuse("PM3005",
                $"signed by {good.UserId} ({good.Primary}), whose key is known and not trusted",
                $"pm key trust {good.Primary}", good.Primary),
            _ => throw new UnreachableException(),
        };
    }

    static SignerDecision.Refused Unknown(string key) =>
        new("PM3004", $"signed by the unknown key {key}", "pm key import --trust FILE", key);

    static SignerDecision.Refused Revoked(Fingerprint primary, string userId) =>
        Refuse("PM3008", $"the key of {userId} ({primary}) was revoked by its owner", "ask its publisher for a package that another key signed", primary);

    static SignerDecision.Refused Refuse(string code, string message, string? hint = null, Fingerprint? signer = null) => new(code, message, hint, signer?.ToString());

    static string On(DateTimeOffset? time) =>
        time is { } known ? string.Create(CultureInfo.InvariantCulture, $" on {known:yyyy-MM-dd}") : "";
}
