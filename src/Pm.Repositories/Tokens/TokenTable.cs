using System.Collections.Immutable;
using System.Security.Cryptography;
using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;

namespace Pm.Repositories.Tokens;

/// <summary>The tokens of a repository. A token made or revoked in another process counts at once.</summary>
public sealed class TokenTable
{
    const string Columns = "id, note, scopes, created, created_by, expires, last_used, revoked";
    const int HashColumn = 8;

    /// <summary>How exactly it is known when a token was last used: each use would else be a write to the disk.</summary>
    static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    readonly SqliteConnection _reader;
    readonly SqliteConnection _writer;

    readonly AuditLog _audit;

    internal TokenTable(SqliteConnection reader, SqliteConnection writer, AuditLog audit)
    {
        _reader = reader;
        _writer = writer;
        _audit = audit;
    }

    /// <summary>Makes a token. The secret is known to the caller alone, and to nobody later.</summary>
    /// <exception cref="RepositoryException">PM5036: no such token can be.</exception>
    public (Token Token, TokenSecret Secret) Create(NewToken wanted, AuditActor by, DateTimeOffset now)
    {
        wanted.Checked(now);
        var secret = TokenSecret.Create();
        var scopes = string.Join(' ', wanted.Scopes);
        return _writer.Transaction(() =>
        {
            _writer.Execute(
                "INSERT INTO tokens(id, hash, note, scopes, created, created_by, expires) VALUES(?, ?, ?, ?, ?, ?, ?)",
                secret.Id, secret.Hash.Bytes.ToArray(), wanted.Note, scopes, now.ToUnixTimeMilliseconds(), by.Name, wanted.Expires);
            _audit.Add(by, now, new AuditedChange("token create", secret.Id, scopes), AuditEntry.Done);
            return (Find(_writer, secret.Id)!, secret);
        });
    }

    /// <summary>All that ever were, the newest first.</summary>
    public IReadOnlyList<Token> List() => _reader.Query($"SELECT {Columns} FROM tokens ORDER BY created DESC, id", Read);

    public Token? Find(string id) => Find(_reader, id);

    /// <summary>Ends a token for good.</summary>
    /// <returns>False: it was ended before.</returns>
    /// <exception cref="RepositoryException">PM5037: there is none.</exception>
    public bool Revoke(string id, AuditActor by, DateTimeOffset now) => _writer.Transaction(() =>
    {
        var token = Find(_writer, id) ?? throw new RepositoryException(
            "PM5037", $"there is no token {Trust.ShownText.Of(id)}", "pm token list");
        if (token.Revoked is not null)
        {
            return false;
        }

        _writer.Execute("UPDATE tokens SET revoked = ? WHERE id = ?", now.ToUnixTimeMilliseconds(), id);
        _audit.Add(by, now, new AuditedChange("token revoke", id), AuditEntry.Done);
        return true;
    });

    /// <summary>Whether what somebody presents is a token, and one that is still good.</summary>
    public TokenCheck Check(string? presented, DateTimeOffset now)
    {
        if (!TokenSecret.TryParse(presented, out var secret))
        {
            return TokenCheck.NoToken;
        }

        var found = _reader.Query($"SELECT {Columns}, hash FROM tokens WHERE id = ?", row => (Token: Read(row), Hash: row.Bytes(HashColumn)), secret.Id);
        if (found is not [var (token, hash)] || !CryptographicOperations.FixedTimeEquals(hash, secret.Hash.Bytes))
        {
            return new TokenCheck.Refused("nobody made such a token here");
        }

        switch (token.StateAt(now))
        {
            case TokenState.Revoked:
                return new TokenCheck.Refused($"token {token.Id} was revoked on {token.Revoked:yyyy-MM-dd}", token);
            case TokenState.Expired:
                return new TokenCheck.Refused($"token {token.Id} expired on {token.Expires:yyyy-MM-dd}", token);
            default:
                NoteUse(token, now);
                return new TokenCheck.Accepted(token);
        }
    }

    /// <summary>What nobody needs must not stand in the way of what somebody asked for.</summary>
    void NoteUse(Token token, DateTimeOffset now)
    {
        if (now - token.LastUsed < UseResolution)
        {
            return;
        }

        try
        {
            _writer.TryExecuteAtOnce("UPDATE tokens SET last_used = ? WHERE id = ?", now.ToUnixTimeMilliseconds(), token.Id);
        }
        catch (Exception e) when (e is SystemCallException or RepositoryException)
        {
        }
    }

    static Token? Find(SqliteConnection connection, string id) =>
        connection.Query($"SELECT {Columns} FROM tokens WHERE id = ?", Read, id).SingleOrDefault();

    static Token Read(SqliteRow row) => new()
    {
        Id = row.Text(0),
        Note = row.Text(1),
        Scopes = [.. row.Text(2).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TokenScope.Parse).ToImmutableArray()],
        Created = row.Time(3),
        CreatedBy = row.Text(4),
        Expires = row.TimeOrNull(5),
        LastUsed = row.TimeOrNull(6),
        Revoked = row.TimeOrNull(7),
    };
}
