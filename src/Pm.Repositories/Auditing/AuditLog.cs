using Pm.Repositories.Database;

namespace Pm.Repositories.Auditing;

/// <summary>
/// What was changed in a repository and by whom. Entries are only ever added; that of a change that is not done yet gets
/// its result, once. An entry is on the disk before the change begins, so no change is without one.
/// </summary>
public sealed class AuditLog
{
    const string Columns = "id, time, actor, note, address, action, subject, detail, result";

    readonly SqliteConnection _reader;
    readonly SqliteConnection _writer;

    internal AuditLog(SqliteConnection reader, SqliteConnection writer)
    {
        _reader = reader;
        _writer = writer;
    }

    /// <summary>Adds an entry and says its number. Several of a group go into one <see cref="Together"/>.</summary>
    /// <remarks>Without a result it is not done yet: see <see cref="Finish"/>.</remarks>
    public long Add(AuditActor actor, DateTimeOffset now, AuditedChange change, string? result) => _writer.Insert(
        "INSERT INTO audit(time, actor, note, address, action, subject, detail, result) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        now.ToUnixTimeMilliseconds(), actor.Name, actor.Note, actor.Address, change.Action, change.Subject, change.Detail, result);

    /// <summary>Says what came of a change; without a detail the one of the beginning stays.</summary>
    public void Finish(long number, string result, string? detail = null) =>
        _writer.Execute("UPDATE audit SET result = ?, detail = coalesce(?, detail) WHERE id = ?", result, detail, number);

    /// <summary>Everything that <paramref name="entries"/> adds, durable when this returns.</summary>
    public void Together(Action entries) => _writer.Transaction(() =>
    {
        entries();
        return true;
    });

    /// <summary>What was begun and never ended: a process was killed in between. Ask only while nothing is going on.</summary>
    public IReadOnlyList<AuditEntry> Open() => _reader.Query($"SELECT {Columns} FROM audit WHERE result IS NULL ORDER BY id", Read);

    /// <summary>The last entries, the newest first.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="before">Only those with a lower number.</param>
    public IReadOnlyList<AuditEntry> List(int count, long before = long.MaxValue) =>
        _reader.Query($"SELECT {Columns} FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", Read, before, count);

    static AuditEntry Read(SqliteRow row) => new(
        row.Number(0), row.Time(1), row.Text(2), row.TextOrNull(3), row.TextOrNull(4), row.Text(5), row.Text(6),
        row.TextOrNull(7), row.TextOrNull(8));
}
