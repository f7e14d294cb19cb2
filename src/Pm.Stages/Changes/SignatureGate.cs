using Pm.Stages.Fetching;
using Pm.Storage;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Changes;

/// <summary>Lets a package in only when its publisher's signature is good and somebody trusts the key.</summary>
/// <param name="decide">Checks a signature against a root's ring and decides about its signer; null: there is no signature.</param>
public sealed class SignatureGate(Func<SignatureFiles?, SignerDecision> decide)
{
    /// <summary>Whether packages that nobody signed may pass; a bad signature never does.</summary>
    public bool AllowsUnsigned { get; init; }

    /// <summary>What helps who has a file that nobody signed; null: its maker has to sign it.</summary>
    public Func<LocalFile, string>? HintOfUnsigned { get; init; }

    /// <summary>As <see cref="Require(string, SignatureFiles?)"/>; who has the file may have made it himself.</summary>
    /// <exception cref="TrustException">As there.</exception>
    internal Fingerprint? Require(LocalFile file, SignatureFiles? signature)
    {
        try
        {
            return Require(file.Name, signature);
        }
        catch (TrustException e) when (e.Code == "PM3001" && HintOfUnsigned is not null)
        {
            throw new TrustException(e.Code, e.Message, HintOfUnsigned(file), e) { Signer = e.Signer };
        }
    }

    /// <summary>As <see cref="Require(string, SignatureFiles?)"/>; who lacks the key is told where it lies.</summary>
    /// <exception cref="TrustException">As there.</exception>
    internal Fingerprint? Require(WantedPackage.OfRemote wanted, SignatureFiles? signature)
    {
        try
        {
            return Require($"{wanted.Id} from {wanted.Client.Source}", signature);
        }
        catch (TrustException e) when (e.Code == "PM3004" && wanted.KeyFile() is { } key)
        {
            throw new TrustException(
                e.Code, e.Message, $"pm key import {key}, compare the fingerprint with its owner's, then pm key trust {wanted.Published.Target.Package.Signer}", e)
            {
                Signer = e.Signer,
            };
        }
    }

    /// <summary>The signer of <paramref name="what"/>; null when it is unsigned and may be.</summary>
    /// <exception cref="TrustException">Unsigned, altered, or by a key that is unknown, not trusted, expired or revoked.</exception>
    public Fingerprint? Require(string what, SignatureFiles? signature)
    {
        if (signature is null && AllowsUnsigned)
        {
            return null;
        }

        return decide(signature) switch
        {
            SignerDecision.Accepted accepted => accepted.Signer,
            SignerDecision.Refused refused => throw refused.ToException(what),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
