namespace Pm.Trust.Tuf;

/// <summary>Metadata does not carry the signatures of enough of its role's keys.</summary>
public sealed class SignatureException : TrustException
{
    internal SignatureException(string message) : base("PM3023", message)
    {
    }
}
