namespace Pm.Trust.Tuf.Changes;

/// <summary>A change of a repository's metadata cannot be signed or taken.</summary>
public sealed class ChangeException : TrustException
{
    internal ChangeException(string code, string message, string? hint = null) : base(code, message, hint)
    {
    }
}
