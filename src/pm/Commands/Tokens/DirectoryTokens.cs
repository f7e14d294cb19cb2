using Pm.Remotes.Publishing;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary>The tokens in a repository's directory; its database is made for the first of them.</summary>
sealed class DirectoryTokens(PmContext context, DirectoryRepository repository) : ITokenKeeper
{
    RepositoryDatabase? _database = RepositoryDatabase.TryOpen(repository.Path);

    DateTimeOffset Now => context.Time.GetUtcNow();

    public ValueTask<IReadOnlyList<RemoteToken>> ListAsync(CancellationToken cancellation)
    {
        var now = Now;
        return ValueTask.FromResult<IReadOnlyList<RemoteToken>>([.. (_database?.Tokens.List() ?? []).Select(token => Shown(token, now))]);
    }

    public ValueTask<(RemoteToken Token, string Secret)> CreateAsync(NewToken wanted, CancellationToken cancellation)
    {
        _database ??= RepositoryDatabase.OpenOrCreate(repository.Path);
        var now = Now;
        var (token, secret) = _database.Tokens.Create(wanted, AuditActor.Local, now);
        return ValueTask.FromResult((Shown(token, now), secret.Text));
    }

    public ValueTask<bool> RevokeAsync(string id, CancellationToken cancellation) =>
        ValueTask.FromResult(_database!.Tokens.Revoke(id, AuditActor.Local, Now));

    public void Dispose() => _database?.Dispose();

    static RemoteToken Shown(Token token, DateTimeOffset now) => new()
    {
        Id = token.Id,
        State = token.StateAt(now) switch
        {
            TokenState.Active => "active",
            TokenState.Expired => "expired",
            _ => "revoked",
        },
        Scopes = [.. token.Scopes.Select(scope => scope.ToString())],
        Note = token.Note,
        Created = token.Created,
        CreatedBy = token.CreatedBy,
        Expires = token.Expires,
        LastUsed = token.LastUsed,
        Revoked = token.Revoked,
    };
}
