using System.Text;
using static Pm.Repositories.Database.SqliteLibrary;

namespace Pm.Repositories.Database;

/// <summary>A prepared statement. It belongs to its connection, whose lock is held while it runs.</summary>
sealed unsafe class SqliteStatement : IDisposable
{
    readonly SqliteConnection _connection;
    nint _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        var text = Encoding.UTF8.GetBytes(sql);
        fixed (byte* pointer = text)
        {
            connection.Check(sqlite3_prepare_v2(connection.Pointer, pointer, text.Length, out _statement, 0));
        }
    }

    /// <summary>Runs it from its beginning, and hands every row to <paramref name="read"/>.</summary>
    public void Run(ReadOnlySpan<SqliteValue> values, Action<SqliteRow>? read = null)
    {
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                _connection.Check(Bind(i + 1, values[i]));
            }

            int result;
            while ((result = sqlite3_step(_statement)) == Row)
            {
                read?.Invoke(new SqliteRow(_statement));
            }

            if (result != Done)
            {
                throw _connection.Failure(result);
            }
        }
        finally
        {
            // It says once more what the last step said.
            _ = sqlite3_reset(_statement);
            _ = sqlite3_clear_bindings(_statement);
        }
    }

    public void Dispose()
    {
        _ = sqlite3_finalize(_statement);
        _statement = 0;
    }

    int Bind(int index, SqliteValue value)
    {
        if (value.Number is { } number)
        {
            return sqlite3_bind_int64(_statement, index, number);
        }

        if (value.Text is { } text)
        {
            var bytes = Encoding.UTF8.GetBytes(text + '\0');
            fixed (byte* pointer = bytes)
            {
                return sqlite3_bind_text(_statement, index, pointer, bytes.Length - 1, Copied);
            }
        }

        if (value.Bytes is { } blob)
        {
            // A pointer even to nothing: a null pointer would be NULL.
            byte none;
            fixed (byte* pointer = blob)
            {
                return sqlite3_bind_blob(_statement, index, pointer is null ? &none : pointer, blob.Length, Copied);
            }
        }

        return sqlite3_bind_null(_statement, index);
    }
}
