using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Repositories.Tokens;

/// <summary>What a repository knows of a token; not its secret.</summary>
public sealed record Token
{
    public required string Id { get; init; }

    /// <summary>What it is for, in the words of whoever made it.</summary>
    public required string Note { get; init; }

    public required ImmutableArray<TokenScope> Scopes { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary><c>token ID</c>, or the user on the machine.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    public bool IsAdmin => Scopes.Any(scope => scope.Action is TokenAction.Admin);

    public bool Covers(TokenAction action, PackageName name) => Scopes.Any(scope => scope.Covers(action, name));

    public TokenState StateAt(DateTimeOffset now) =>
        Revoked is not null ? TokenState.Revoked : Expires <= now ? TokenState.Expired : TokenState.Active;
}
