using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Repositories.Publishing;
using Pm.Repositories.Tokens;

namespace Pm.Repositories.Database;

/// <summary>
/// What a repository knows beside its files: tokens and the audit log, in <c>DIR/pmd/pmd.sqlite</c>, never served.
/// Several processes may have it open; readers do not wait for writers. Source: docs/formats/database.md.
/// </summary>
public sealed class RepositoryDatabase : IDisposable
{
    const string FileName = "pmd.sqlite";

    readonly SqliteConnection _reader;
    readonly SqliteConnection _writer;

    RepositoryDatabase(SqliteConnection reader, SqliteConnection writer)
    {
        _reader = reader;
        _writer = writer;
        Audit = new AuditLog(reader, writer);
        Tokens = new TokenTable(reader, writer, Audit);
        Receipts = new ReceiptTable(reader, writer);
    }

    public TokenTable Tokens { get; }

    public AuditLog Audit { get; }

    internal ReceiptTable Receipts { get; }

    /// <summary>Of the file; null: there never was one.</summary>
    public static FileStatus? Status(string repository) => FileStatus.OfLink(PathOf(repository));

    /// <summary>Opens the database of the repository in <paramref name="repository"/>; null where there never was one.</summary>
    /// <exception cref="RepositoryException">PM5020: damaged; PM5021: of a newer pm; PM8005: no SQLite.</exception>
    public static RepositoryDatabase? TryOpen(string repository)
    {
        var path = PathOf(repository);
        return FileStatus.OfLink(path) is null ? null : OpenFile(path);
    }

    /// <summary>As <see cref="TryOpen"/>; made first where there is none.</summary>
    public static RepositoryDatabase OpenOrCreate(string repository)
    {
        using (var directory = StateDirectory.OpenOrMake(repository))
        {
            if (directory.Status(FileName) is null)
            {
                StateDirectory.MakeFile(directory, FileName);
            }
        }

        return OpenFile(PathOf(repository));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    static string PathOf(string repository) => Path.Join(repository, RepositoryLayout.State, FileName);

    static RepositoryDatabase OpenFile(string path)
    {
        var writer = SqliteConnection.Open(path);
        try
        {
            // Readers go on while somebody writes; and what was committed is on the disk. Source: sqlite.org/wal.html.
            writer.ExecuteScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            DatabaseSchema.Apply(writer, path);
            var reader = SqliteConnection.Open(path);
            reader.ExecuteScript("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF");
            return new RepositoryDatabase(reader, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }
}
