namespace Pm.Codecs;

/// <summary>Compressed data or the library that reads it failed: truncated, corrupt, too demanding, or missing.</summary>
/// <remarks><see cref="Code"/> is explained by <c>pm explain</c>; <see cref="Hint"/> is a command that helps, if one does.</remarks>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class CodecException : IOException
#pragma warning restore CA1032
{
    CodecException(string code, string message, string? hint = null) : base(message)
    {
        Code = code;
        Hint = hint;
    }

    public string Code { get; }

    public string? Hint { get; }

    /// <summary>The bytes at <paramref name="offset"/> of the compressed data break its format or its checksum.</summary>
    internal static CodecException Corrupt(string format, long offset, string detail) =>
        new("PM8001", $"{format} data is corrupt before byte {offset}: {detail}");

    internal static CodecException Truncated(string format, long offset) =>
        new("PM8002", $"{format} data ends at byte {offset}, in the middle of a stream");

    internal static CodecException TrailingBytes(string format, long offset, string detail) =>
        new("PM8003", $"{format} data is followed by something else near byte {offset}: {detail}");

    internal static CodecException TooDemanding(string format, string demand) =>
        new("PM8004", $"{format} data needs more memory than allowed: {demand}");

    internal static CodecException MissingLibrary(string soname, string package) =>
        new("PM8005", $"system library {soname} cannot be loaded", $"apt-get install {package}");

    internal static CodecException Refused(string call, string detail) =>
        new("PM8006", $"{call} failed: {detail}");
}
