using Pm.Fuzzing.Gear;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;

namespace Pm.Fuzzing.Targets;

/// <summary>The database of a repository, as a disk or another program may have left it.</summary>
static class DatabaseTargets
{
    const string Secret = "pm_00000000000000000000000000000000000000000003O9xIA";

    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("database", Read)
        {
            Seeds = Seeds,
            Allowed = [typeof(RepositoryException)],
            Words = [.. Words.Binary, .. Words.Text, .. Words.Of("SQLite format 3\0", "CREATE TABLE ", "tokens", "audit", "publish:*", "admin yank")],
            MaximumLength = 128 << 10,
        },
    ];

    static IEnumerable<byte[]> Seeds()
    {
        var directory = NewRepository();
        using (var database = RepositoryDatabase.OpenOrCreate(directory))
        {
            database.Tokens.Create(new NewToken([TokenScope.Parse("publish:acme/*"), TokenScope.Parse("yank")], "a note", null), AuditActor.Local, Now);
        }

        yield return File.ReadAllBytes(FileOf(directory));
        Directory.Delete(directory, recursive: true);
    }

    static string NewRepository() => Directory.CreateTempSubdirectory("pm-fuzz-").FullName;

    static string FileOf(string directory) => Path.Combine(directory, "pmd", "pmd.sqlite");

    [ThreadStatic]
    static string? _directory;

    static void Read(byte[] bytes)
    {
        if (_directory is null)
        {
            var made = _directory = NewRepository();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(made, recursive: true);
        }

        var state = Path.Combine(_directory, "pmd");
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }

        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllBytes(FileOf(_directory), bytes);
        using var database = RepositoryDatabase.TryOpen(_directory);
        Assert.NotNull(database);
        _ = database.Tokens.List();
        _ = database.Tokens.Check(Secret, Now);
        _ = database.Audit.List(100);
        _ = database.Audit.Open();
    }
}
