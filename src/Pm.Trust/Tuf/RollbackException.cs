namespace Pm.Trust.Tuf;

/// <summary>An older version was offered than the one already trusted, or a root out of its order.</summary>
public sealed class RollbackException : TrustException
{
    internal RollbackException(string message) : base("PM3021", message)
    {
    }
}
