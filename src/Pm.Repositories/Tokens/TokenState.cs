namespace Pm.Repositories.Tokens;

/// <summary>Whether a token is good.</summary>
public enum TokenState
{
    Active,
    Expired,
    Revoked,
}
