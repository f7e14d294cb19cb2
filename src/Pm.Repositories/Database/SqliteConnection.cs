using Pm.Linux;
using static Pm.Repositories.Database.SqliteLibrary;

namespace Pm.Repositories.Database;

/// <summary>
/// An open SQLite file. Several threads may use it, one at a time; statements are prepared once. What the library
/// refuses is a <see cref="RepositoryException"/> or, where the kernel is to blame, a <see cref="SystemCallException"/>.
/// </summary>
sealed class SqliteConnection : IDisposable
{
    /// <summary>How long another process may write before this one gives up.</summary>
    const int NewestFormat = 2;
    const int BusyMilliseconds = 10_000;

    const string BusyCode = "PM5022";

    readonly Lock _gate = new();
    readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    readonly string _path;
    nint _pointer;

    SqliteConnection(string path, nint pointer)
    {
        _path = path;
        _pointer = pointer;
    }

    internal nint Pointer => _pointer != 0 ? _pointer : throw new ObjectDisposedException(_path);

    /// <summary>Opens a file that is there; an empty one is an empty database.</summary>
    /// <exception cref="RepositoryException">PM8005: no SQLite; PM5020: no database.</exception>
    public static SqliteConnection Open(string path)
    {
        Require();
        var result = sqlite3_open_v2(path, out var pointer, OpenReadWrite | OpenWithoutMutex, 0);
        var connection = new SqliteConnection(path, pointer);
        try
        {
            connection.Check(result);
            connection.Check(sqlite3_busy_timeout(pointer, BusyMilliseconds));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements without values: settings, and the making of tables.</summary>
    public void ExecuteScript(string sql)
    {
        lock (_gate)
        {
            Check(sqlite3_exec(Pointer, sql, 0, 0, 0));
        }
    }

    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        lock (_gate)
        {
            Statement(sql).Run(values);
            return sqlite3_changes(Pointer);
        }
    }

    /// <summary>As <see cref="Execute"/>, unless somebody writes just now: then it is left undone, and not waited for.</summary>
    public bool TryExecuteAtOnce(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        try
        {
            Check(sqlite3_busy_timeout(Pointer, 0));
            Statement(sql).Run(values);
            return true;
        }
        catch (RepositoryException busy) when (busy.Code == BusyCode)
        {
            return false;
        }
        finally
        {
            Check(sqlite3_busy_timeout(Pointer, BusyMilliseconds));
            _gate.Exit();
        }
    }

    /// <returns>The number of the new row.</returns>
    public long Insert(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        lock (_gate)
        {
            Statement(sql).Run(values);
            return sqlite3_last_insert_rowid(Pointer);
        }
    }

    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<SqliteValue> values)
    {
        var rows = new List<T>();
        lock (_gate)
        {
            try
            {
                Statement(sql).Run(values, row => rows.Add(read(row)));
            }
            catch (InvalidDataException e)
            {
                throw Damaged(_path, e.Message);
            }
        }

        return rows;
    }

    /// <summary>All that <paramref name="change"/> does, durable when this returns; or where it throws nothing.</summary>
    public T Transaction<T>(Func<T> change)
    {
        lock (_gate)
        {
            // The right to write is taken at once: two that began as readers could only both give up.
            Execute("BEGIN IMMEDIATE");
            try
            {
                var result = change();
                WriteDoor.Pass("commit", _path);
                Execute("COMMIT");
                return result;
            }
            catch
            {
                TryRollBack();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
            _ = sqlite3_close_v2(_pointer);
            _pointer = 0;
        }
    }

    internal void Check(int result)
    {
        if (result != 0)
        {
            throw Failure(result);
        }
    }

    internal unsafe Exception Failure(int result)
    {
        var text = _pointer == 0 ? "out of memory" : TextOf(sqlite3_errmsg(_pointer));
        var errno = _pointer == 0 ? 0 : sqlite3_system_errno(_pointer);
        return (result & 0xff) switch
        {
            Corrupt or NotADatabase => Damaged(_path, text),
            ReadOnly when FormatOf(_path) is > NewestFormat and var format => Damaged(_path, $"file format {format}, known are 1 and {NewestFormat}"),
            Full => new SystemCallException("write", Errno.ENOSPC, _path),
            Permission or ReadOnly or CannotOpen or InputOutput =>
                new SystemCallException("open", errno == 0 ? Errno.EACCES : errno, _path),
            Busy or Locked => new RepositoryException(
                BusyCode, $"{_path}: another process has been writing to it for {BusyMilliseconds / 1000} s"),
            _ => new RepositoryException(BusyCode, $"{_path}: {text}"),
        };
    }

    /// <summary>The number that says who may write the file: what is greater than known, SQLite only reads. Source: sqlite.org/fileformat2.html, 1.3.3.</summary>
    static int FormatOf(string path)
    {
        const int Place = 18;
        Span<byte> header = stackalloc byte[Place + 1];
        using var file = File.OpenHandle(path);
        return RandomAccess.Read(file, header, 0) == header.Length ? header[Place] : 0;
    }

    internal static RepositoryException Damaged(string path, string detail) => new(
        "PM5020", $"{path}: not pmd's database, or a damaged one: {detail}", $"mv {path} {path}.damaged");

    SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(this, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    void TryRollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (Exception e) when (e is RepositoryException or SystemCallException)
        {
            // A full disk has rolled it back already.
        }
    }
}
