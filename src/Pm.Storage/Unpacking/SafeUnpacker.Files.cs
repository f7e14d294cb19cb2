using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Tar;

namespace Pm.Storage.Unpacking;

/// <content>Files and hard links.</content>
public sealed partial class SafeUnpacker
{
    const int BufferSize = 1 << 17;

    /// <summary>Makes a file of what <paramref name="content"/> yields; holes of a sparse entry stay holes.</summary>
    /// <exception cref="PackageFormatException">The entry is refused. What was made before it remains.</exception>
    public void AddFile(string name, int mode, DateTimeOffset? modified, Stream content)
    {
        var where = Count(name);
        var path = EntryPath.Judge(name, _options, where);
        var folder = Clear(path, where);
        var last = EntryPath.Name(path);
        var permissions = mode & PermissionBits;
        using (var file = Create(folder, last, permissions, where))
        {
            Copy(content, file, where);
        }

        if (_options.AllowsSetId && (mode & SpecialBits) != 0)
        {
            // After the content: writing takes the bits away.
            folder.SetMode(last, permissions | (mode & SpecialBits));
        }

        if (modified is { } time)
        {
            folder.SetTimes(last, time);
        }

        _made[path] = new MadeEntry(MadeKind.File);
        _files++;
    }

    /// <summary>Gives a file that this run made a second name. A link to a symbolic link becomes the same symbolic link.</summary>
    /// <exception cref="PackageFormatException">PM2212: the target is not a file this run made.</exception>
    public void AddHardLink(string name, string target)
    {
        var where = Count(name);
        var path = EntryPath.Judge(name, _options, where);
        var targetPath = EntryPath.Judge(target, _options, $"{where}, hard link to {PathText.Show(target)}");
        if (_links.TryGetValue(targetPath, out var link))
        {
            AddLink(path, link.Target, link.Modified, where);
            return;
        }

        if (!_made.TryGetValue(targetPath, out var made) || made.Kind != MadeKind.File || targetPath == path)
        {
            throw UnpackFault.Outside(
                where, $"a hard link to `{PathText.Show(target)}`, which is no other file before it in the archive");
        }

        Link(Clear(path, where), targetPath, EntryPath.Name(path), where);
        _made[path] = new MadeEntry(MadeKind.File);
        _files++;
    }

    void Link(DirectoryHandle folder, string targetPath, string name, string where)
    {
        using var from = OpenOther(EntryPath.Parent(targetPath));
        var source = from ?? _target;
        folder.Link(source, EntryPath.Name(targetPath), name);

        // Whoever may write here could have put a link in the file's place meanwhile.
        if (folder.Status(name) is not { IsRegular: true })
        {
            folder.Unlink(name);
            throw UnpackFault.Outside(where, $"`{PathText.Show(targetPath)}` was replaced while the archive was unpacked");
        }
    }

    DirectoryHandle? OpenOther(string path) => path.Length == 0 ? null : _target.OpenBeneath(path);

    /// <summary>Makes room for a file or link at <paramref name="path"/> and returns the directory it goes to.</summary>
    DirectoryHandle Clear(string path, string where)
    {
        if (path.Length == 0)
        {
            throw UnpackFault.Taken(where, "the destination itself cannot be a file or a link");
        }

        EnsureFolder(EntryPath.Parent(path), where);
        var folder = Folder(EntryPath.Parent(path));
        var name = EntryPath.Name(path);
        if (_made.TryGetValue(path, out var made))
        {
            // `tar -r` appends the newer version of a file; the last one counts.
            ClearMade(path, made, folder, name, where);
        }
        else if (!_isFresh && folder.Status(name) is { } status)
        {
            if (status.IsDirectory || !_options.Overwrites)
            {
                throw UnpackFault.Taken(
                    where, status.IsDirectory ? "a directory is there already" : "the file is there already",
                    status.IsDirectory ? null : "pm unpack --force ARCHIVE DIR");
            }

            folder.Unlink(name);
        }

        return folder;
    }

    void ClearMade(string path, MadeEntry made, DirectoryHandle folder, string name, string where)
    {
        switch (made.Kind)
        {
            case MadeKind.Directory:
                throw UnpackFault.Taken(where, "it was a directory before in the archive");
            case MadeKind.File:
                folder.Unlink(name);
                _files--;
                break;
            default:
                // Not made yet: links come last.
                _links.Remove(path);
                break;
        }

        _made.Remove(path);
    }

    static SafeFileHandle Create(DirectoryHandle folder, string name, int mode, string where)
    {
        try
        {
            return folder.CreateFile(name, mode);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
        {
            throw UnpackFault.Taken(where, "the file is there already under another spelling");
        }
    }

    void Copy(Stream content, SafeFileHandle file, string where)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var sparse = content as TarEntryStream;
        var position = 0L;
        try
        {
            while (true)
            {
                var hole = sparse?.SkipHole() ?? 0;
                position += hole;
                CountBytes(hole, written: 0, where);
                var count = content.Read(buffer);
                if (count == 0)
                {
                    break;
                }

                CountBytes(count, count, where);
                FileWriting.WriteAt(file, buffer.AsSpan(0, count), position);
                position += count;
            }

            if (sparse is not null)
            {
                FileWriting.Truncate(file, position);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void CountBytes(long bytes, long written, string where)
    {
        _bytes += bytes;
        _written += written;
        if (_bytes > _options.MaximumTotalBytes)
        {
            throw UnpackFault.BeyondLimit(where, "bytes of all files", _options.MaximumTotalBytes);
        }

        if (_written > _options.RatioFloor && _written / Math.Max(_consumed(), 1) > _options.MaximumRatio)
        {
            throw UnpackFault.BeyondLimit(where, "bytes written for each byte of the archive", _options.MaximumRatio);
        }
    }
}
