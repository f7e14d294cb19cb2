using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>A file that is open and may be sent, with what HTTP says of it. Shared by requests; closed after the last.</summary>
public sealed class ServedFile : IDisposable
{
    readonly SafeFileHandle? _handle;
    readonly OpenFileLimit? _limit;
    readonly byte[]? _content;
    int _users = 1;

    /// <summary>One that stays open, and is counted.</summary>
    internal ServedFile(string path, SafeFileHandle handle, in FileStatus status, OpenFileLimit limit)
        : this(path, status, status.Size) => (_handle, _limit) = (handle, limit);

    /// <summary>One in memory.</summary>
    internal ServedFile(string path, byte[] content, in FileStatus status)
        : this(path, status, content.Length) => _content = content;

    ServedFile(string path, in FileStatus status, long length)
    {
        Path = path;
        Status = status;
        IsFixed = ServedPath.IsFixed(path);
        EntityTag = Tag(path, IsFixed, status);
        LastModified = HttpDate.Format(status.Modified);
        ContentType = ServedPath.ContentType(path);
        Length = length;
    }

    /// <summary>Below <c>repository/</c>.</summary>
    public string Path { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    public DateTimeOffset Modified => Status.Modified;

    /// <summary>Strong, with its quotes. Of a file whose name says its content it is the same on every mirror.</summary>
    public string EntityTag { get; }

    public string LastModified { get; }

    public string ContentType { get; }

    /// <summary>Whether the name says the content.</summary>
    public bool IsFixed { get; }

    public string CacheControl => IsFixed ? "public, max-age=31536000, immutable" : "no-cache";

    /// <summary>Whether who accepts other encodings may get other bytes.</summary>
    public bool Varies => ServedPath.MayHaveSibling(Path);

    /// <summary>All of it where it is small, else empty and to be <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Content => _content;

    public bool IsInMemory => _content is not null;

    internal FileStatus Status { get; }

    /// <summary>Reads from the file; 0 at its end, which comes early when somebody cut it.</summary>
    public int Read(Span<byte> buffer, long offset)
    {
        if (_handle is not null)
        {
            return RandomAccess.Read(_handle, buffer, offset);
        }

        var rest = _content.AsSpan((int)Math.Min(offset, _content!.Length));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    /// <summary>Sends from a file that is not in memory: see <see cref="FileSending.Send"/>.</summary>
    internal long SendTo(SafeHandle socket, long offset, long count) => FileSending.Send(socket, _handle!, offset, count);

    /// <summary>Ends one use.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _handle?.Dispose();
            _limit?.Closed();
        }
    }

    /// <summary>Begins one more use; false when the last has ended.</summary>
    internal bool TryShare()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    static string Tag(string path, bool isFixed, in FileStatus status) => isFixed
        ? $"\"{Sha256Digest.Of(System.Text.Encoding.UTF8.GetBytes(path)).ToString()[..16]}-{status.Size.ToString("x", CultureInfo.InvariantCulture)}\""
        : string.Create(CultureInfo.InvariantCulture, $"\"{status.Size:x}-{status.Modified.UtcTicks:x}\"");
}
