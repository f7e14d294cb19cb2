using Pm.Remotes.Publishing;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary>Whoever keeps the tokens of a repository: its directory on this machine, or a pmd.</summary>
interface ITokenKeeper : IDisposable
{
    /// <summary>The newest first.</summary>
    ValueTask<IReadOnlyList<RemoteToken>> ListAsync(CancellationToken cancellation);

    ValueTask<(RemoteToken Token, string Secret)> CreateAsync(NewToken wanted, CancellationToken cancellation);

    /// <summary>Ends a token.</summary>
    /// <returns>False: it was ended before.</returns>
    ValueTask<bool> RevokeAsync(string id, CancellationToken cancellation);
}
