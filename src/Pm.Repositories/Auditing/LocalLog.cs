using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Database;
using Pm.Trust;

namespace Pm.Repositories.Auditing;

/// <summary>
/// Writes down what somebody changes on the machine itself, in a repository that keeps a log: from its first token on. Used
/// under the lock of the repository's writer alone, so what a user began there and never ended was killed.
/// </summary>
sealed class LocalLog : IDisposable
{
    readonly RepositoryDatabase? _database;
    readonly AuditActor? _actor;
    readonly TimeProvider _time;
    readonly List<long> _begun = [];

    LocalLog(RepositoryDatabase? database, RepositoryAccess access)
    {
        _database = database;
        _actor = access.Actor;
        _time = access.Time;
    }

    /// <exception cref="RepositoryException">PM5020 …: there is a log, and it cannot be written: then nothing is changed.</exception>
    public static LocalLog Open(DirectoryRepository repository, RepositoryAccess access)
    {
        var database = access.Actor is null ? null : RepositoryDatabase.TryOpen(repository.Path);
        try
        {
            if (database is not null)
            {
                new OpenEntries(repository, database.Audit).Close(entry => entry.IsLocal);
            }

            return new LocalLog(database, access);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    /// <summary>A change: on the disk in the log before <paramref name="apply"/> begins, and then what came of it.</summary>
    public T Around<T>(IEnumerable<AuditedChange> changes, Func<T> apply, Func<T, bool> isChanged)
    {
        Begin(changes);
        try
        {
            var result = apply();
            End(isChanged(result) ? AuditEntry.Done : AuditEntry.Unchanged);
            return result;
        }
        catch (RepositoryException refusal)
        {
            End(refusal.Code);
            throw;
        }
    }

    public void Begin(IEnumerable<AuditedChange> changes) => _database?.Audit.Together(() =>
    {
        foreach (var change in changes)
        {
            _begun.Add(_database.Audit.Add(_actor!, _time.GetUtcNow(), change, null));
        }
    });

    /// <summary>It is done, for good, whatever comes of this: where the disk refuses, the next one closes what is open.</summary>
    public void End(string result)
    {
        try
        {
            _database?.Audit.Together(() => _begun.ForEach(number => _database.Audit.Finish(number, result)));
        }
        catch (Exception error) when (error is RepositoryException or SystemCallException)
        {
        }
    }

    /// <summary>What was asked for, and not even begun.</summary>
    public void Refuse(AuditedChange change, Exception refusal) => _database?.Audit.Add(_actor!, _time.GetUtcNow(), change, CodeOf(refusal));

    /// <summary>What an entry says of a refusal.</summary>
    public static string CodeOf(Exception refusal) => refusal switch
    {
        RepositoryException e => e.Code,
        TrustException e => e.Code,
        PackageFormatException e => e.Code,
        CodecException e => e.Code,
        SystemCallException => "PM0006",
        _ => "PM0001",
    };

    public void Dispose() => _database?.Dispose();
}
