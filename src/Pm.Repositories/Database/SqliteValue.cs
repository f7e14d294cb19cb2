namespace Pm.Repositories.Database;

/// <summary>A value that a statement is given: a number, text, bytes, or nothing.</summary>
readonly record struct SqliteValue
{
    SqliteValue(long? number, string? text, byte[]? bytes)
    {
        Number = number;
        Text = text;
        Bytes = bytes;
    }

    public long? Number { get; }

    public string? Text { get; }

    public byte[]? Bytes { get; }

    public static implicit operator SqliteValue(long number) => new(number, null, null);

    public static implicit operator SqliteValue(string? text) => new(null, text, null);

    public static implicit operator SqliteValue(byte[] bytes) => new(null, null, bytes);

    /// <summary>To the millisecond, as a number.</summary>
    public static implicit operator SqliteValue(DateTimeOffset? time) => new(time?.ToUnixTimeMilliseconds(), null, null);
}
