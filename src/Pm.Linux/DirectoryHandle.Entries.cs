using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <content>Reading a directory.</content>
public sealed partial class DirectoryHandle
{
    const int EntriesBufferSize = 32 * 1024;

    // struct linux_dirent64: inode, offset, record length, type, name. Source: getdents64(2).
    const int RecordLengthAt = 16;
    const int KindAt = 18;
    const int NameAt = 19;

    /// <summary>
    /// The entries without <c>.</c> and <c>..</c>, in the order of the file system, read as they are asked for. Entries
    /// made or removed meanwhile may be seen or not; removing those already seen is safe.
    /// </summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public IEnumerable<DirectoryEntry> Entries()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(EntriesBufferSize);
        try
        {
            using var directory = Again();
            int filled;
            while ((filled = ReadEntries(directory, buffer)) > 0)
            {
                for (var at = 0; at < filled; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + RecordLengthAt)))
                {
                    if (EntryAt(buffer.AsSpan(at, filled - at)) is { } entry)
                    {
                        yield return entry;
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// As <see cref="Entries"/>, all at once, for who opened the directory only to see them: the second time there are none.
    /// </summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public IReadOnlyList<DirectoryEntry> TakeEntries()
    {
        var entries = new List<DirectoryEntry>();
        var buffer = ArrayPool<byte>.Shared.Rent(EntriesBufferSize);
        try
        {
            int filled;
            while ((filled = ReadEntries(this, buffer)) > 0)
            {
                for (var at = 0; at < filled; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + RecordLengthAt)))
                {
                    if (EntryAt(buffer.AsSpan(at, filled - at)) is { } entry)
                    {
                        entries.Add(entry);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return entries;
    }

    /// <summary>A descriptor of its own for each reader, since the position belongs to the open directory.</summary>
    SafeFileHandle Again()
    {
        var descriptor = OpenRetrying(this, ".\0"u8, DirectoryFlags);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw SystemCallException.Last("open", Path);
    }

    int ReadEntries(SafeHandle directory, Span<byte> buffer)
    {
        var filled = GetEntries(directory, buffer, buffer.Length);
        return filled >= 0 ? (int)filled : throw SystemCallException.Last("getdents", Path);
    }

    DirectoryEntry? EntryAt(ReadOnlySpan<byte> record)
    {
        var name = record[NameAt..];
        name = name[..(name.IndexOf((byte)0) + 1)];
        if (name.SequenceEqual(".\0"u8) || name.SequenceEqual("..\0"u8))
        {
            return null;
        }
        var kind = (FileKind)record[KindAt];
        // Some file systems do not keep the kind in the directory.
        if (kind is FileKind.Unknown)
        {
            kind = StatusCall.Of(this, name)?.Kind ?? FileKind.Unknown;
        }
        return new DirectoryEntry(FileName.Shown(name), kind, BinaryPrimitives.ReadUInt64LittleEndian(record));
    }

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetEntries(SafeHandle directory, Span<byte> buffer, nint size);
}
