using Pm.Blobs;

namespace Pm.Storage;

/// <summary>
/// Which file of the store a blob is. A hard link shares the mode, so a content that is used both with and without
/// execute bits has two files.
/// </summary>
/// <param name="Root">The content.</param>
/// <param name="IsExecutable">Whether the file has mode 0555 instead of 0444.</param>
public readonly record struct BlobName(MerkleRoot Root, bool IsExecutable)
{
    /// <summary>The two digits that name the directory under <c>blobs/</c>.</summary>
    public string Directory => Root.ToString()[..2];

    /// <summary>The name of the file: <c>&lt;merkle&gt;</c> or <c>&lt;merkle&gt;.x</c>.</summary>
    public string File => Root + (IsExecutable ? ExecutableSuffix : "");

    /// <summary>Nobody may write: the inode is shared with every root that holds the file.</summary>
    public int Mode => IsExecutable ? ExecutableMode : PlainMode;

    /// <summary>The same content under the other mode.</summary>
    public BlobName Other => this with { IsExecutable = !IsExecutable };

    internal const string ExecutableSuffix = ".x";
    internal const int PlainMode = 0b100_100_100;
    internal const int ExecutableMode = 0b101_101_101;

    public override string ToString() => File;

    /// <summary>The name of the file as the kernel wants it, with the NUL at its end, without a string: there are thousands.</summary>
    /// <param name="buffer">At least <see cref="TerminatedSize"/> bytes.</param>
    internal ReadOnlySpan<byte> Terminated(Span<byte> buffer)
    {
        var length = 0;
        foreach (var octet in Root.Bytes)
        {
            buffer[length++] = "0123456789abcdef"u8[octet >> 4];
            buffer[length++] = "0123456789abcdef"u8[octet & 15];
        }
        if (IsExecutable)
        {
            ".x"u8.CopyTo(buffer[length..]);
            length += ExecutableSuffix.Length;
        }
        buffer[length] = 0;
        return buffer[..(length + 1)];
    }

    internal const int TerminatedSize = (2 * MerkleRoot.Size) + 3;

    internal static BlobName? TryParse(string file)
    {
        var isExecutable = file.EndsWith(ExecutableSuffix, StringComparison.Ordinal);
        var text = isExecutable ? file.AsSpan(0, file.Length - ExecutableSuffix.Length) : file;
        return MerkleRoot.TryParse(text, null, out var root) ? new BlobName(root, isExecutable) : null;
    }
}
