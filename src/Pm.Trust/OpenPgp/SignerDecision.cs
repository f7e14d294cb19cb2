namespace Pm.Trust.OpenPgp;

/// <summary>Whether a package is accepted because of who signed it.</summary>
public abstract record SignerDecision
{
    private protected SignerDecision()
    {
    }

    /// <param name="Signer">The trusted primary key.</param>
    /// <param name="UserId">Its user id as the ring shows it.</param>
    public sealed record Accepted(Fingerprint Signer, string UserId) : SignerDecision;

    /// <param name="Code">"PM30nn".</param>
    /// <param name="Message">Names the signer where one is known.</param>
    /// <param name="Hint">The exact command that would make pm accept it, where there is one.</param>
    /// <param name="Signer">Whose signature it is, as far as that is known: a fingerprint, or the id of a key.</param>
    public sealed record Refused(string Code, string Message, string? Hint, string? Signer = null) : SignerDecision
    {
        /// <summary>For callers that cannot go on.</summary>
        /// <param name="what">What is signed, e.g. <c>foo-1.2.pkg</c>.</param>
        public TrustException ToException(string what) => new(Code, $"{what}: {Message}", Hint) { Signer = Signer };
    }
}
