using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Repositories.Serving.Http;

namespace Pm.Repositories.Serving;

/// <summary>
/// <c>repository/</c> as strangers may read it: regular files and nothing else, no symbolic link followed, no name that
/// begins with a dot, no private key.
/// </summary>
public sealed class ServedDirectory
{
    readonly DirectoryHandle _directory;
    readonly OpenFileLimit _limit;
    readonly OpenFiles _files;

    internal ServedDirectory(DirectoryHandle directory, OpenFileLimit limit)
    {
        (_directory, _limit) = (directory, limit);
        _files = new OpenFiles(limit);
    }

    /// <summary>For messages.</summary>
    public string Path => _directory.Path;

    /// <summary>Finds what a request for a file is sent; where that is none, what it is told.</summary>
    /// <param name="path">As <see cref="Find"/> takes it.</param>
    /// <param name="acceptEncoding">The header as sent, or null.</param>
    /// <param name="choice">To be disposed where null is returned.</param>
    public PlainAnswer? Choose(ReadOnlySpan<char> path, string? acceptEncoding, out FileChoice choice)
    {
        choice = default;
        ServedFile? file = null;
        try
        {
            file = Find(path);
            if (file is null)
            {
                return PlainAnswer.NoFile;
            }

            choice = new FileChoice(file, file.Varies && AcceptedEncoding.TakesZstandard(acceptEncoding) ? FindSibling(file) : null);
            return null;
        }
        catch (SystemCallException)
        {
            file?.Dispose();
            return PlainAnswer.Unavailable;
        }
    }

    /// <summary>Whether there is no such file; where that cannot be told now, there may be one.</summary>
    public bool IsAbsent(ReadOnlySpan<char> path)
    {
        var refusal = Choose(path, null, out var choice);
        choice.Dispose();
        return refusal == PlainAnswer.NoFile;
    }

    /// <summary>Opens the file of that path; null when there is none or it is not served. To be disposed.</summary>
    /// <param name="path">Decoded, relative to <c>repository/</c>; of a stranger.</param>
    /// <exception cref="SystemCallException">It cannot be read now: EMFILE where too many are open.</exception>
    public ServedFile? Find(ReadOnlySpan<char> path)
    {
        try
        {
            return _files.Find(_directory, path) ?? (ServedPath.IsServable(path) ? Open(path.ToString()) : null);
        }
        catch (SystemCallException e) when (IsAbsence(e.Errno))
        {
            return null;
        }
    }

    /// <summary>The compressed sibling of a file; null when there is none. To be disposed.</summary>
    /// <remarks>Of a file that changes it only serves when it is not older: who replaced one by hand may forget the other.</remarks>
    public ServedFile? FindSibling(ServedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var sibling = file.Varies ? Find(file.Path + ServedPath.SiblingSuffix) : null;
        if (sibling is not null && !file.IsFixed && sibling.Modified < file.Modified)
        {
            sibling.Dispose();
            return null;
        }

        return sibling;
    }

    ServedFile? Open(string path)
    {
        if (!_limit.TryOpen())
        {
            _files.DropUnused();
            if (!_limit.TryOpen())
            {
                throw new SystemCallException("open", Errno.EMFILE, path);
            }
        }

        ServedFile? file = null;
        try
        {
            file = _directory.TryOpenReadBeneath(path) is { } handle ? Read(path, handle) : null;
        }
        finally
        {
            if (file is null || file.IsInMemory)
            {
                _limit.Closed();
            }
        }

        if (file is not null)
        {
            _files.Keep(file);
        }

        return file;
    }

    /// <summary>Null, and closed: a private key.</summary>
    ServedFile? Read(string path, SafeFileHandle handle)
    {
        ServedFile? file = null;
        try
        {
            var status = OpenFile.Status(handle, path);
            var head = status.Size <= OpenFiles.MaximumContent ? FileReading.All(handle, OpenFiles.MaximumContent, path) : null;
            if (!IsKey(path, handle, head))
            {
                file = head is null ? new ServedFile(path, handle, status, _limit) : new ServedFile(path, head, status);
            }

            return file;
        }
        finally
        {
            if (file is null || file.IsInMemory)
            {
                handle.Dispose();
            }
        }
    }

    static bool IsKey(string path, SafeFileHandle handle, ReadOnlySpan<byte> content)
    {
        if (path.Contains('/') && !PrivateKeys.MayBe(path))
        {
            return false;
        }

        Span<byte> read = stackalloc byte[PrivateKeys.HeadLength];
        var head = content.IsEmpty ? read[..RandomAccess.Read(handle, read, 0)] : content[..Math.Min(content.Length, PrivateKeys.HeadLength)];
        return PrivateKeys.Holds(path, head);
    }

    // EFBIG: it grew while it was read; the next request sees it whole.
    static bool IsAbsence(int errno) => errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EISDIR or Errno.EINVAL
        or Errno.EACCES or Errno.ENAMETOOLONG or Errno.EXDEV or Errno.ENXIO or Errno.EFBIG;
}
