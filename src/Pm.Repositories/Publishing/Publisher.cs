using Pm.Packages;
using Pm.Repositories.Auditing;
using Pm.Repositories.Tokens;

namespace Pm.Repositories.Publishing;

/// <summary>Who asks for something over the network: the token, and where it came from.</summary>
/// <param name="Token">As it was when the request came.</param>
/// <param name="Address">Of the client.</param>
public sealed record Publisher(Token Token, string? Address)
{
    public AuditActor Actor => AuditActor.Of(Token, Address);

    /// <exception cref="RepositoryException">PM5031: the token does not cover it.</exception>
    public void Require(TokenAction action, PackageName name)
    {
        if (!Token.Covers(action, name))
        {
            throw NotCovered($"{(action is TokenAction.Yank ? "yank" : "publish")} {name}");
        }
    }

    /// <exception cref="RepositoryException">PM5031: the token is not an administrator's.</exception>
    public void RequireAdmin()
    {
        if (!Token.IsAdmin)
        {
            throw NotCovered("administer the repository");
        }
    }

    /// <summary>For laying down bytes before it is known what is in them.</summary>
    /// <exception cref="RepositoryException">PM5031: the token publishes nothing.</exception>
    public void RequireAnyPublishing()
    {
        if (!Token.Scopes.Any(scope => scope.Action is TokenAction.Publish))
        {
            throw NotCovered("publish anything");
        }
    }

    RepositoryException NotCovered(string what) => new(
        "PM5031", $"token {Token.Id} may not {what}: it is for {string.Join(", ", Token.Scopes)}", "ask the keeper of the repository for a token that covers it");
}
