using System.Text;
using static Pm.Repositories.Database.SqliteLibrary;

namespace Pm.Repositories.Database;

/// <summary>The row that a statement stands on; good until the statement goes on.</summary>
readonly struct SqliteRow(nint statement)
{
    static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public bool IsNull(int column) => sqlite3_column_type(statement, column) == TypeNull;

    public long Number(int column) => sqlite3_column_int64(statement, column);

    public unsafe string Text(int column)
    {
        var text = sqlite3_column_text(statement, column);
        return text is null ? "" : Encoding.UTF8.GetString(text, sqlite3_column_bytes(statement, column));
    }

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public unsafe byte[] Bytes(int column)
    {
        var bytes = sqlite3_column_blob(statement, column);
        return bytes is null ? [] : new ReadOnlySpan<byte>(bytes, sqlite3_column_bytes(statement, column)).ToArray();
    }

    /// <exception cref="InvalidDataException">No calendar has that time: somebody else wrote it.</exception>
    public DateTimeOffset Time(int column) => Number(column) is var time && time >= Earliest && time <= Latest
        ? DateTimeOffset.FromUnixTimeMilliseconds(time)
        : throw new InvalidDataException($"expected milliseconds since 1970, got {time}");

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);
}
