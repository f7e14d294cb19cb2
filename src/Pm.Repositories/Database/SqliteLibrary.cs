using System.Runtime.InteropServices;

namespace Pm.Repositories.Database;

/// <summary>The functions of libsqlite3 that pm calls. Source: sqlite3.h.</summary>
static unsafe partial class SqliteLibrary
{
    internal const int Row = 100;
    internal const int Done = 101;

    internal const int Permission = 3;
    internal const int Busy = 5;
    internal const int Locked = 6;
    internal const int ReadOnly = 8;
    internal const int InputOutput = 10;
    internal const int Corrupt = 11;
    internal const int Full = 13;
    internal const int CannotOpen = 14;
    internal const int Constraint = 19;
    internal const int NotADatabase = 26;

    internal const int OpenReadWrite = 2;

    /// <summary>SQLITE_OPEN_NOMUTEX: the connection has a lock of its own.</summary>
    internal const int OpenWithoutMutex = 0x8000;

    internal const int TypeNull = 5;

    /// <summary>SQLITE_TRANSIENT: the library copies what it is given.</summary>
    internal static readonly nint Copied = -1;

    const string Name = "libsqlite3.so.0";

    static readonly Lazy<bool> IsThere = new(() => NativeLibrary.TryLoad(Name, out _));

    /// <summary>Loaded when a database is opened and never before.</summary>
    /// <exception cref="RepositoryException">PM8005: it is not installed.</exception>
    internal static void Require()
    {
        if (!IsThere.Value)
        {
            throw new RepositoryException("PM8005", $"system library {Name} cannot be loaded", "apt-get install libsqlite3-0");
        }
    }

    internal static string TextOf(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sqlite3_open_v2(string path, out nint connection, int flags, nint vfs);

    [LibraryImport(Name)]
    internal static partial int sqlite3_close_v2(nint connection);

    [LibraryImport(Name)]
    internal static partial int sqlite3_busy_timeout(nint connection, int milliseconds);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sqlite3_exec(nint connection, string sql, nint callback, nint state, nint message);

    [LibraryImport(Name)]
    internal static partial byte* sqlite3_errmsg(nint connection);

    [LibraryImport(Name)]
    internal static partial int sqlite3_system_errno(nint connection);

    [LibraryImport(Name)]
    internal static partial int sqlite3_changes(nint connection);

    [LibraryImport(Name)]
    internal static partial long sqlite3_last_insert_rowid(nint connection);

    [LibraryImport(Name)]
    internal static partial int sqlite3_prepare_v2(nint connection, byte* sql, int length, out nint statement, nint tail);

    [LibraryImport(Name)]
    internal static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Name)]
    internal static partial int sqlite3_step(nint statement);

    [LibraryImport(Name)]
    internal static partial int sqlite3_reset(nint statement);

    [LibraryImport(Name)]
    internal static partial int sqlite3_clear_bindings(nint statement);

    [LibraryImport(Name)]
    internal static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Name)]
    internal static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Name)]
    internal static partial int sqlite3_bind_text(nint statement, int index, byte* text, int length, nint destructor);

    [LibraryImport(Name)]
    internal static partial int sqlite3_bind_blob(nint statement, int index, byte* bytes, int length, nint destructor);

    [LibraryImport(Name)]
    internal static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport(Name)]
    internal static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Name)]
    internal static partial byte* sqlite3_column_text(nint statement, int column);

    [LibraryImport(Name)]
    internal static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Name)]
    internal static partial int sqlite3_column_bytes(nint statement, int column);
}
