namespace Pm.Repositories.Tokens;

/// <summary>What a token may be for.</summary>
public enum TokenAction
{
    /// <summary>Publish packages of certain names.</summary>
    Publish,

    /// <summary>Withdraw versions of certain names, and take that back.</summary>
    Yank,

    /// <summary>Make and revoke tokens, read the audit log. It does not publish: whoever may make a token can make one that does.</summary>
    Admin,
}
