using System.Collections.Immutable;
using Pm.Packages;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Repositories.Tests.Tokens;

public sealed class TokenTableTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly RepositoryDatabase _database;

    public TokenTableTests() => _database = RepositoryDatabase.OpenOrCreate(_directory.Path);

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_token_covers_what_its_scopes_say()
    {
        var (_, secret) = Create("publish:acme/*", "yank:acme/old");

        var token = Assert.IsType<TokenCheck.Accepted>(_database.Tokens.Check(secret.Text, Now)).Token;

        Assert.True(token.Covers(TokenAction.Publish, PackageName.Parse("acme/foo")));
        Assert.False(token.Covers(TokenAction.Publish, PackageName.Parse("other/foo")));
        Assert.True(token.Covers(TokenAction.Yank, PackageName.Parse("acme/old")));
        Assert.False(token.Covers(TokenAction.Yank, PackageName.Parse("acme/new")));
        Assert.False(token.IsAdmin);
    }

    [Fact]
    public void An_administrator_publishes_nothing()
    {
        var (token, _) = Create("admin");

        Assert.True(token.IsAdmin);
        Assert.False(token.Covers(TokenAction.Publish, PackageName.Parse("foo")));
        Assert.False(token.Covers(TokenAction.Yank, PackageName.Parse("foo")));
    }

    /// <summary>When it was last used is noted where that costs nothing; SQLite would wait for ten seconds.</summary>
    [Fact]
    public void A_token_is_good_while_another_process_writes()
    {
        var (_, secret) = Create("publish:*");
        using var other = SqliteConnection.Open(Path.Join(_directory.Path, "pmd/pmd.sqlite"));
        var start = TimeProvider.System.GetTimestamp();

        other.Transaction(() => Assert.IsType<TokenCheck.Accepted>(_database.Tokens.Check(secret.Text, Now)));

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(9));
        Assert.Null(_database.Tokens.Find(secret.Id)!.LastUsed);
        _database.Tokens.Check(secret.Text, Now);
        Assert.Equal(Now, _database.Tokens.Find(secret.Id)!.LastUsed);
    }

    [Fact]
    public void The_secret_is_nowhere_in_the_files()
    {
        var (_, secret) = Create("publish:*");
        _database.Tokens.Check(secret.Text, Now);

        foreach (var file in Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(secret.Text[3..46], reader.ReadToEnd());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory["pmd"]));
    }

    [Fact]
    public void A_revoked_token_is_refused_at_once_by_every_process()
    {
        var (token, secret) = Create("publish:*");
        using var other = RepositoryDatabase.TryOpen(_directory.Path)!;
        Assert.IsType<TokenCheck.Accepted>(other.Tokens.Check(secret.Text, Now));

        Assert.True(_database.Tokens.Revoke(token.Id, AuditActor.Local, Now));
        Assert.False(_database.Tokens.Revoke(token.Id, AuditActor.Local, Now));

        var refused = Assert.IsType<TokenCheck.Refused>(other.Tokens.Check(secret.Text, Now));
        Assert.Contains("revoked on 2026-05-01", refused.Message);
        Assert.NotNull(refused.Known);
    }

    [Fact]
    public void A_token_is_good_until_the_moment_it_expires()
    {
        var (_, secret) = Create(Now.AddDays(1), "publish:*");

        Assert.IsType<TokenCheck.Accepted>(_database.Tokens.Check(secret.Text, Now.AddDays(1).AddMilliseconds(-1)));
        Assert.Contains("expired", Assert.IsType<TokenCheck.Refused>(_database.Tokens.Check(secret.Text, Now.AddDays(1))).Message);
    }

    [Fact]
    public void A_secret_that_nobody_made_is_a_guess()
    {
        Create("publish:*");

        Assert.Null(Assert.IsType<TokenCheck.Refused>(_database.Tokens.Check(TokenSecret.Create().Text, Now)).Known);
        Assert.Null(Assert.IsType<TokenCheck.Refused>(_database.Tokens.Check("hunter2", Now)).Known);
        Assert.Null(Assert.IsType<TokenCheck.Refused>(_database.Tokens.Check(null, Now)).Known);
    }

    [Fact]
    public void The_hash_decides_and_not_the_id()
    {
        var (token, _) = Create("publish:*");
        var other = TokenSecret.Create();
        _database.Dispose();
        using (var connection = SqliteConnection.Open(_directory["pmd/pmd.sqlite"]))
        {
            Assert.Equal(1, connection.Execute("UPDATE tokens SET id = ? WHERE id = ?", other.Id, token.Id));
        }

        using var database = RepositoryDatabase.TryOpen(_directory.Path)!;

        Assert.IsType<TokenCheck.Refused>(database.Tokens.Check(other.Text, Now));
    }

    [Fact]
    public void The_last_use_is_known_to_the_minute()
    {
        var (token, secret) = Create("publish:*");
        Assert.Null(_database.Tokens.Find(token.Id)!.LastUsed);

        _database.Tokens.Check(secret.Text, Now);
        _database.Tokens.Check(secret.Text, Now.AddSeconds(59));
        Assert.Equal(Now, _database.Tokens.Find(token.Id)!.LastUsed);

        _database.Tokens.Check(secret.Text, Now.AddSeconds(60));
        Assert.Equal(Now.AddSeconds(60), _database.Tokens.Find(token.Id)!.LastUsed);
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("publish:")]
    [InlineData("publish:A*")]
    [InlineData("yank:")]
    [InlineData("admin:*")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("Publish:*")]
    public void Other_scopes_do_not_exist(string text) =>
        Assert.Equal("PM5036", Assert.Throws<RepositoryException>(() => TokenScope.Parse(text)).Code);

    [Theory]
    [InlineData("publish:acme/*")]
    [InlineData("yank")]
    [InlineData("yank:foo-?")]
    [InlineData("admin")]
    public void A_scope_is_shown_as_it_is_written(string text) => Assert.Equal(text, TokenScope.Parse(text).ToString());

    [Fact]
    public void Tokens_that_cannot_be_are_not_made()
    {
        string[] none = [];
        Assert.Throws<RepositoryException>(() => Create(none));
        Assert.Throws<RepositoryException>(() => Create([.. Enumerable.Repeat("yank", 33)]));
        Assert.Throws<RepositoryException>(() => Create(Now, "publish:*"));
        Assert.Throws<RepositoryException>(() => _database.Tokens.Create(
            new NewToken([TokenScope.Parse("yank")], "two\nlines", null), AuditActor.Local, Now));
        Assert.Empty(_database.Tokens.List());
    }

    [Fact]
    public void Who_makes_and_who_ends_a_token_is_written_down()
    {
        var (token, secret) = Create("publish:acme/*", "yank");
        _database.Tokens.Revoke(token.Id, new AuditActor("token 1234567890", "the boss", "192.0.2.1"), Now.AddHours(1));
        _database.Tokens.Revoke(token.Id, AuditActor.Local, Now.AddHours(2));

        var log = _database.Audit.List(10);

        Assert.Equal(["token revoke", "token create"], log.Select(entry => entry.Action));
        Assert.Equal(("token 1234567890", "the boss", "192.0.2.1", token.Id), (log[0].Actor, log[0].Note, log[0].Address, log[0].Subject));
        Assert.Equal("publish:acme/* yank", log[1].Detail);
        Assert.DoesNotContain(secret.Text, string.Join('\n', log));
    }

    [Fact]
    public void Revoking_a_token_that_is_not_there_says_so() =>
        Assert.Equal("PM5037", Assert.Throws<RepositoryException>(() => _database.Tokens.Revoke("0123456789", AuditActor.Local, Now)).Code);

    (Token Token, TokenSecret Secret) Create(params string[] scopes) => Create(null, scopes);

    (Token Token, TokenSecret Secret) Create(DateTimeOffset? expires, params string[] scopes) => _database.Tokens.Create(
        new NewToken([.. scopes.Select(TokenScope.Parse).ToImmutableArray()], "a test", expires), AuditActor.Local, Now);
}
