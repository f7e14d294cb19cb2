using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>
/// <c>repository/</c> as strangers may read it: regular files and nothing else, no symbolic link followed, no name that
/// begins with a dot, no private key.
/// </summary>
public sealed class ServedDirectory
{
    readonly DirectoryHandle _directory;
    readonly OpenFiles _files = new();

    internal ServedDirectory(DirectoryHandle directory) => _directory = directory;

    /// <summary>For messages.</summary>
    public string Path => _directory.Path;

    /// <summary>Opens the file of that path; null when there is none or it is not served. To be disposed.</summary>
    /// <param name="path">Decoded, relative to <c>repository/</c>; of a stranger.</param>
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
        if (_directory.TryOpenReadBeneath(path) is not { } handle)
        {
            return null;
        }

        var file = Read(path, handle);
        if (file is not null)
        {
            _files.Keep(file);
        }

        return file;
    }

    /// <summary>Null, and closed: a private key.</summary>
    static ServedFile? Read(string path, SafeFileHandle handle)
    {
        ServedFile? file = null;
        try
        {
            var status = OpenFile.Status(handle, path);
            var head = status.Size <= OpenFiles.MaximumContent ? FileReading.All(handle, OpenFiles.MaximumContent, path) : null;
            if (!PrivateKeys.MayBe(path) || !IsKey(handle, head))
            {
                file = new ServedFile(path, handle, status, head);
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

    static bool IsKey(SafeFileHandle handle, ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty)
        {
            return PrivateKeys.IsOne(content[..Math.Min(content.Length, PrivateKeys.HeadLength)]);
        }

        Span<byte> head = stackalloc byte[PrivateKeys.HeadLength];
        return PrivateKeys.IsOne(head[..RandomAccess.Read(handle, head, 0)]);
    }

    // EFBIG: it grew while it was read; the next request sees it whole.
    static bool IsAbsence(int errno) => errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EISDIR or Errno.EINVAL
        or Errno.EACCES or Errno.ENAMETOOLONG or Errno.EXDEV or Errno.ENXIO or Errno.EFBIG;
}
