using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Repositories.Tests.Database;

public sealed class RepositoryDatabaseTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();

    string File_ => _directory["pmd/pmd.sqlite"];

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _directory.Dispose();
    }

    [Fact]
    public void Looking_makes_nothing()
    {
        Assert.Null(RepositoryDatabase.TryOpen(_directory.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void What_was_committed_is_there_again()
    {
        using (var database = RepositoryDatabase.OpenOrCreate(_directory.Path))
        {
            database.Audit.Add(AuditActor.Local, Now, new("yank", "foo@1.0", "bad"), AuditEntry.Done);
        }

        using var again = RepositoryDatabase.TryOpen(_directory.Path)!;

        var entry = Assert.Single(again.Audit.List(10));
        Assert.Equal((Now, "yank", "foo@1.0", "bad", "ok"), (entry.Time, entry.Action, entry.Subject, entry.Detail, entry.Result));
    }

    [Fact]
    public void A_transaction_that_fails_leaves_nothing()
    {
        using var database = RepositoryDatabase.OpenOrCreate(_directory.Path);

        Assert.Throws<InvalidOperationException>(() => database.Audit.Together(() =>
        {
            database.Audit.Add(AuditActor.Local, Now, new("yank", "foo@1.0"), AuditEntry.Done);
            throw new InvalidOperationException();
        }));
        WriteDoor.Fault = WriteFault.Parse("enospc@1", _directory.Path);
        Assert.Throws<SystemCallException>(() => database.Audit.Together(
            () => database.Audit.Add(AuditActor.Local, Now, new("yank", "foo@1.0"), AuditEntry.Done)));
        WriteDoor.Fault = null;

        Assert.Empty(database.Audit.List(10));
        database.Audit.Add(AuditActor.Local, Now, new("yank", "foo@1.0"), AuditEntry.Done);
        Assert.Single(database.Audit.List(10));
    }

    [Fact]
    public void An_entry_of_the_log_is_never_changed_and_never_removed()
    {
        using var database = RepositoryDatabase.OpenOrCreate(_directory.Path);
        var number = database.Audit.Add(AuditActor.Local, Now, new("publish", "foo@1.0"), null);
        database.Audit.Finish(number, AuditEntry.Done, "hash");

        using var connection = SqliteConnection.Open(File_);
        Assert.Throws<RepositoryException>(() => database.Audit.Finish(number, "PM5003"));
        Assert.Throws<RepositoryException>(() => connection.Execute("UPDATE audit SET actor = 'me'"));
        Assert.Throws<RepositoryException>(() => connection.Execute("DELETE FROM audit"));

        var entry = Assert.Single(database.Audit.List(10));
        Assert.Equal(("ok", "hash"), (entry.Result, entry.Detail));
    }

    [Fact]
    public void What_was_begun_and_not_ended_is_found()
    {
        using var database = RepositoryDatabase.OpenOrCreate(_directory.Path);
        database.Audit.Add(AuditActor.Local, Now, new("publish", "a@1"), AuditEntry.Done);
        var open = database.Audit.Add(AuditActor.Local, Now, new("publish", "b@1"), null);

        Assert.Equal("b@1", Assert.Single(database.Audit.Open()).Subject);
        database.Audit.Finish(open, AuditEntry.Interrupted);
        Assert.Empty(database.Audit.Open());
    }

    [Fact]
    public void The_log_is_read_backwards_in_pages()
    {
        using var database = RepositoryDatabase.OpenOrCreate(_directory.Path);
        for (var i = 1; i <= 5; i++)
        {
            database.Audit.Add(AuditActor.Local, Now, new("yank", $"foo@{i}"), AuditEntry.Done);
        }

        var first = database.Audit.List(2);
        var second = database.Audit.List(2, first[^1].Number);

        Assert.Equal(["foo@5", "foo@4", "foo@3", "foo@2"], first.Concat(second).Select(entry => entry.Subject));
    }

    [Theory]
    [InlineData("this is no database, but long enough to look at: 0123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("SQLite format 3\0 and then nonsense 0123456789012345678901234567890123456789012345678901234567890123456789012345")]
    public void Another_file_is_refused_and_kept(string content)
    {
        Directory.CreateDirectory(_directory["pmd"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(File_, content);

        var refused = Assert.Throws<RepositoryException>(() => RepositoryDatabase.TryOpen(_directory.Path));

        Assert.Equal("PM5020", refused.Code);
        Assert.Equal($"mv {File_} {File_}.damaged", refused.Hint);
        Assert.Equal(content, File.ReadAllText(File_));
    }

    [Fact]
    public void A_damaged_page_is_named_and_not_believed()
    {
        using (var database = RepositoryDatabase.OpenOrCreate(_directory.Path))
        {
            for (var i = 0; i < 500; i++)
            {
                database.Tokens.Create(new NewToken([TokenScope.Parse("yank")], new string('n', 200), null), AuditActor.Local, Now);
            }
        }

        var bytes = File.ReadAllBytes(File_);
        bytes.AsSpan(8192).Fill(0xa5);
        File.WriteAllBytes(File_, bytes);
        using var damaged = RepositoryDatabase.TryOpen(_directory.Path)!;

        Assert.Equal("PM5020", Assert.Throws<RepositoryException>(() => damaged.Tokens.List()).Code);
    }

    [Fact]
    public void A_database_of_another_program_is_not_touched()
    {
        Make("CREATE TABLE notes(text)");
        Assert.Equal("PM5020", Assert.Throws<RepositoryException>(() => RepositoryDatabase.TryOpen(_directory.Path)).Code);
    }

    [Fact]
    public void A_database_of_a_newer_pm_is_not_touched()
    {
        RepositoryDatabase.OpenOrCreate(_directory.Path).Dispose();
        Make("PRAGMA user_version = 999");

        var refused = Assert.Throws<RepositoryException>(() => RepositoryDatabase.TryOpen(_directory.Path));

        Assert.Equal("PM5021", refused.Code);
        Assert.Contains("999", refused.Message);
    }

    [Fact]
    public void A_directory_that_others_may_enter_is_refused()
    {
        RepositoryDatabase.OpenOrCreate(_directory.Path).Dispose();
        File.SetUnixFileMode(_directory["pmd"], UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        Assert.Equal("PM5023", Assert.Throws<RepositoryException>(() => RepositoryDatabase.OpenOrCreate(_directory.Path)).Code);
    }

    [Fact]
    public async Task Threads_and_processes_write_beside_each_other()
    {
        using var one = RepositoryDatabase.OpenOrCreate(_directory.Path);
        using var other = RepositoryDatabase.OpenOrCreate(_directory.Path);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var database = worker % 2 == 0 ? one : other;
            for (var i = 0; i < 25; i++)
            {
                database.Audit.Together(() => database.Audit.Add(AuditActor.Local, Now, new("yank", $"w{worker}@{i}"), AuditEntry.Done));
                _ = database.Audit.List(5);
            }
        })));

        Assert.Equal(200, one.Audit.List(1000).Select(entry => entry.Subject).Distinct().Count());
    }

    void Make(string sql)
    {
        Directory.CreateDirectory(_directory["pmd"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using (File.Open(File_, FileMode.OpenOrCreate))
        {
        }

        using var connection = SqliteConnection.Open(File_);
        connection.ExecuteScript(sql);
    }
}
