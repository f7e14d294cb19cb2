namespace Pm.Repositories.Database;

/// <summary>The tables, step by step: a database of an older pm is brought up to date in one transaction.</summary>
static class DatabaseSchema
{
    /// <summary>"pmd1", which file(1) and the first look at a file know it by.</summary>
    const int ApplicationId = 0x706d6431;

    /// <summary>What brings a database from version N to N + 1; what was released is never changed.</summary>
    static readonly string[] Steps =
    [
        """
        CREATE TABLE tokens(
            id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, note TEXT NOT NULL, scopes TEXT NOT NULL,
            created INTEGER NOT NULL, created_by TEXT NOT NULL, expires INTEGER, last_used INTEGER, revoked INTEGER) STRICT;
        CREATE TABLE audit(
            id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, note TEXT, address TEXT,
            action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT, result TEXT) STRICT;
        CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_keeps_results BEFORE UPDATE ON audit
            WHEN OLD.result IS NOT NULL OR NEW.result IS NULL OR NEW.id <> OLD.id OR NEW.time <> OLD.time
                OR NEW.actor <> OLD.actor OR NEW.action <> OLD.action OR NEW.note IS NOT OLD.note
                OR NEW.address IS NOT OLD.address OR NEW.subject <> OLD.subject
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TABLE receipts(
            digest BLOB PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_open ON audit(id) WHERE result IS NULL;
        """,
    ];

    /// <exception cref="RepositoryException">PM5020: not such a database; PM5021: of a newer pm.</exception>
    public static void Apply(SqliteConnection connection, string path)
    {
        connection.ExecuteScript("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
        if (Version(connection, path) == Steps.Length)
        {
            return;
        }

        connection.Transaction(() =>
        {
            // Another process may have been faster.
            foreach (var step in Steps.Skip(Version(connection, path)))
            {
                connection.ExecuteScript(step);
            }

            connection.ExecuteScript($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Steps.Length}");
            return true;
        });
    }

    static int Version(SqliteConnection connection, string path)
    {
        var version = Pragma(connection, "user_version");
        var application = Pragma(connection, "application_id");
        var isEmpty = connection.Query("SELECT 1 FROM sqlite_schema LIMIT 1", row => row.Number(0)).Count == 0;
        if (isEmpty ? version != 0 : application != ApplicationId)
        {
            throw SqliteConnection.Damaged(path, "another program made it");
        }

        return version <= Steps.Length ? (int)version : throw new RepositoryException(
            "PM5021", $"{path}: expected version {Steps.Length} or lower, got {version}: a newer pm made it", "update pm and pmd");
    }

    static long Pragma(SqliteConnection connection, string name) =>
        connection.Query($"PRAGMA {name}", row => row.Number(0)).Single();
}
