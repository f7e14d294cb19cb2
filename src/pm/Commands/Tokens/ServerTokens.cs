using Pm.Remotes.Publishing;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary>The tokens of a repository that a pmd serves, asked for with the token of an administrator.</summary>
sealed class ServerTokens(PublishingClient client) : ITokenKeeper
{
    public async ValueTask<IReadOnlyList<RemoteToken>> ListAsync(CancellationToken cancellation) => await client.ListTokensAsync(cancellation);

    public async ValueTask<(RemoteToken Token, string Secret)> CreateAsync(NewToken wanted, CancellationToken cancellation) =>
        await client.CreateTokenAsync([.. wanted.Scopes.Select(scope => scope.ToString())], wanted.Note, wanted.Expires, cancellation);

    public async ValueTask<bool> RevokeAsync(string id, CancellationToken cancellation) => await client.RevokeTokenAsync(id, cancellation);

    public void Dispose() => client.Dispose();
}
