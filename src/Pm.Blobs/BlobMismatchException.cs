namespace Pm.Blobs;

/// <summary>Bytes are not the blob they claim to be.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class BlobMismatchException : IOException
#pragma warning restore CA1032
{
    BlobMismatchException(string code, string name, string what, string? hint = null) : base($"blob `{name}`: {what}")
    {
        Code = code;
        Name = name;
        Hint = hint;
    }

    public string Code { get; }

    /// <summary>What the bytes claimed to be: a path, a URL or a root.</summary>
    public string Name { get; }

    /// <summary>A command that helps, where there is one: what fetched the blob knows best.</summary>
    public string? Hint { get; }

    /// <summary>The bytes were hashed, and have another root.</summary>
    public static BlobMismatchException Of(string name, MerkleRoot expected, MerkleRoot actual, long length) =>
        new("PM2501", name, $"expected {expected}, got {actual} ({length} bytes)");

    /// <summary>More came than was promised.</summary>
    public static BlobMismatchException TooLong(string name, long expected) =>
        new("PM2502", name, $"expected {expected} bytes, got more");

    internal static BlobMismatchException TooShort(string name, long expected, long actual) =>
        new("PM2502", name, $"expected {expected} bytes, got {actual}");

    internal static BlobMismatchException Tree(MerkleRoot root, string what) =>
        new("PM2503", root.ToString(), $"its hash tree is wrong: {what}");
}
