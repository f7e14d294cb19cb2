using System.Collections.Concurrent;
using Pm.Blobs;
using Pm.Linux;
using Pm.Storage.Planning;
using Pm.Storage.Switching;

namespace Pm.Storage.Verifying;

/// <summary>Compares every file and directory of some packages with what is on disk. Nothing is believed but the bytes.</summary>
sealed class TreeVerifier
{
    /// <summary>Files of one directory that a thread takes at a time.</summary>
    const int FilesAtOnce = 64;

    /// <summary>A file of this size is worth all threads; in bytes.</summary>
    const long Large = 8 << 20;

    const int AnyExecutes = 0b001_001_001;

    readonly PackageTree _tree;
    readonly DirectoryHandle _top;
    readonly Store _store;
    readonly HashSet<string> _found;
    readonly Func<int, bool> _isAsked;
    readonly bool _isOfRoot;
    readonly ConcurrentBag<VerificationFinding> _findings = [];
    readonly ConcurrentQueue<(TreeDirectory Directory, TreeEntry Entry)> _large = [];
    readonly List<Portion> _portions = [];
    int _files;
    long _bytes;

    /// <param name="found">Directories that pm did not make: their modes are their owner's.</param>
    /// <param name="isAsked">Whether a package, by index, is to be verified.</param>
    public TreeVerifier(
        PackageTree tree, DirectoryHandle top, Store store, IEnumerable<string> found, Func<int, bool> isAsked)
    {
        _tree = tree;
        _top = top;
        _store = store;
        _found = new(found, StringComparer.Ordinal);
        _isAsked = isAsked;
        // What an ordinary user installed is his, whoever looks.
        _isOfRoot = SystemUser.IsRoot && top.Status().Owner == 0;
    }

    public VerificationReport Run(int threads, CancellationToken cancellation)
    {
        foreach (var directory in _tree.Directories.Prepend(_tree.Top))
        {
            for (var at = 0; at == 0 || at < directory.Files.Count; at += FilesAtOnce)
            {
                _portions.Add(new Portion(directory, at, Math.Min(directory.Files.Count - at, FilesAtOnce)));
            }
        }

        if (_portions.Count > 1)
        {
            _store.ExpectMany();
        }
        var hashers = Crew.Run(
            _portions.Count, threads, () => new FileHasher(), (i, hasher) => Verify(_portions[i], hasher), cancellation);
        _bytes = hashers.Sum(h => h.Bytes);
        VerifyLarge(threads, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return new VerificationReport(
            [.. _findings.OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Kind)], _files, _bytes);
    }

    void Verify(Portion portion, FileHasher hasher)
    {
        var directory = portion.Directory;
        if (directory.Files.Count == 0 && (directory.Package < 0 || !_isAsked(directory.Package)))
        {
            return;
        }
        if (!TryOpen(directory, portion.First == 0, out var handle))
        {
            return;
        }
        using var opened = handle;
        for (var i = portion.First; i < portion.First + portion.Count; i++)
        {
            var entry = directory.Files[i];
            if (_isAsked(entry.Package))
            {
                Interlocked.Increment(ref _files);
                Verify(directory, entry, handle, hasher);
            }
        }
    }

    /// <summary>One after the other, each by all threads.</summary>
    void VerifyLarge(int threads, CancellationToken cancellation)
    {
        var known = new Dictionary<(ulong Device, ulong Inode), MerkleRoot>();
        while (!cancellation.IsCancellationRequested && _large.TryDequeue(out var next))
        {
            if (!TryOpen(next.Directory, false, out var handle))
            {
                continue;
            }
            using var opened = handle;
            VerifyReadable(next.Entry, handle, file => VerifyLarge(next.Entry, file, threads, known, cancellation));
        }
    }

    void VerifyLarge(
        TreeEntry entry, ReadableFile file, int threads, Dictionary<(ulong Device, ulong Inode), MerkleRoot> known, CancellationToken cancellation)
    {
        // The handle is another's: who opened the file closes it.
        using var content = new Microsoft.Win32.SafeHandles.SafeFileHandle(file.DangerousDescriptor, ownsHandle: false);
        var status = file.Status;
        if (status.Size > ParallelMerkle.MaximumLength)
        {
            Add(entry.Path, VerificationKind.Changed, entry.Package, $"content {entry.Root}", $"{status.Size} bytes, more than any package holds");
            return;
        }
        if (!known.TryGetValue((status.Device, status.Inode), out var actual))
        {
            try
            {
                actual = ParallelMerkle.Of(content, status.Size, Math.Max(threads, 1), cancellation: cancellation);
            }
            catch (BlobMismatchException e)
            {
                Add(entry.Path, VerificationKind.Changed, entry.Package, $"content {entry.Root}", $"a file that is being written: {e.Message}");
                return;
            }
            _bytes += status.Size;
            known.Add((status.Device, status.Inode), actual);
        }
        Judge(entry, file, actual);
    }

    /// <summary>The directory itself is judged on the way.</summary>
    /// <param name="directory">Which.</param>
    /// <param name="isFirst">Whether it was not yet.</param>
    /// <param name="handle">Null when it is none.</param>
    /// <returns>Whether one can look into it.</returns>
    bool TryOpen(TreeDirectory directory, bool isFirst, out DirectoryHandle? handle)
    {
        handle = null;
        if (directory.Path.Length == 0)
        {
            handle = _top.OpenBeneath(".");
            return true;
        }
        try
        {
            handle = _top.TryOpenBeneath(directory.Path);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ELOOP or Errno.ENOTDIR)
        {
            if (isFirst)
            {
                Add(directory.Path, VerificationKind.WrongKind, directory.Package, "a directory", "a link or file on the way to it");
            }
            return true;
        }
        catch (SystemCallException e)
        {
            if (isFirst)
            {
                Add(directory.Path, VerificationKind.Unreadable, directory.Package, "a directory", e.Message);
            }
            return false;
        }
        if (!isFirst)
        {
            return true;
        }
        if (handle is null)
        {
            Add(directory.Path, VerificationKind.Missing, directory.Package, "a directory", "nothing");
        }
        else if (directory.StatedBy >= 0 && !_found.Contains(directory.Path))
        {
            VerifyStatus(directory.Path, directory.StatedBy, handle.Status(), directory.Mode, directory.Owner, directory.Group);
        }
        return true;
    }

    void Verify(TreeDirectory directory, TreeEntry entry, DirectoryHandle? handle, FileHasher hasher)
    {
        if (entry.IsLink)
        {
            VerifyOther(entry, handle);
            return;
        }
        VerifyReadable(entry, handle, file =>
        {
            if (file.Status.Size >= Large)
            {
                _large.Enqueue((directory, entry));
                return;
            }
            Judge(entry, file, hasher.Of(file));
        });
    }

    /// <summary>One file that cannot be opened or read, a device without a driver or a bad disk's, must not hide what is wrong with others.</summary>
    void VerifyReadable(TreeEntry entry, DirectoryHandle? handle, Action<ReadableFile> verify)
    {
        try
        {
            if (handle?.TryOpenReadable(entry.Name) is not { } file)
            {
                VerifyOther(entry, handle);
                return;
            }
            using (file)
            {
                verify(file);
            }
        }
        catch (SystemCallException e)
        {
            if (handle!.Status(entry.Name) is { IsRegular: true })
            {
                Add(entry.Path, VerificationKind.Unreadable, entry.Package, $"content {entry.Root}", e.Message);
            }
            else
            {
                VerifyOther(entry, handle);
            }
        }
    }

    /// <summary>A symbolic link, or what is there in place of a file.</summary>
    void VerifyOther(TreeEntry entry, DirectoryHandle? directory)
    {
        switch (directory?.Status(entry.Name))
        {
            case null when entry.IsConfiguration:
                Add(entry.Path, VerificationKind.Edited, entry.Package, "a configuration file", "nothing: somebody removed it");
                break;
            case null:
                Add(entry.Path, VerificationKind.Missing, entry.Package, entry.IsLink ? "a symbolic link" : "a file", "nothing");
                break;
            case { IsSymbolicLink: true } when entry.IsLink:
                VerifyTarget(entry, directory!.ReadLink(entry.Name));
                break;
            case { } status:
                Add(entry.Path, VerificationKind.WrongKind, entry.Package,
                    entry.IsLink ? "a symbolic link" : "a file", Phrase(status.Kind));
                break;
        }
    }

    void VerifyTarget(TreeEntry entry, string? target)
    {
        if (target != entry.Target)
        {
            Add(entry.Path, VerificationKind.Target, entry.Package, $"a link to {entry.Target}", $"a link to {target}");
        }
    }

    void Judge(TreeEntry entry, ReadableFile file, MerkleRoot actual)
    {
        if (actual != entry.Root)
        {
            AddChanged(entry, file.Status, actual);
        }
        else if (!entry.IsConfiguration)
        {
            VerifyStatus(entry.Path, entry.Package, file.Status, entry.DiskMode, entry.Owner, entry.Group);
            if ((file.Status.Mode & AnyExecutes) != 0)
            {
                VerifyCapabilities(entry, file);
            }
        }
    }

    /// <summary>Of no use to a file that nobody can execute.</summary>
    void VerifyCapabilities(TreeEntry entry, ReadableFile file)
    {
        const string name = "security.capability";
        if (!file.HasAttribute("security.capability\0"u8))
        {
            if (entry.Capabilities is not null && _isOfRoot)
            {
                Add(entry.Path, VerificationKind.Capabilities, entry.Package, $"capabilities {entry.Capabilities}", "none");
            }
            return;
        }
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(file.DangerousDescriptor, ownsHandle: false);
        var actual = ExtendedAttributes.Get(handle, name) is { } value ? Convert.ToHexStringLower(value) : null;
        if (actual != entry.Capabilities)
        {
            Add(entry.Path, VerificationKind.Capabilities, entry.Package, entry.Capabilities is { } wanted ? $"capabilities {wanted}" : "no capabilities", $"capabilities {actual}");
        }
    }

    void AddChanged(TreeEntry entry, FileStatus status, MerkleRoot actual)
    {
        var kind = entry.IsConfiguration ? VerificationKind.Edited
            : _store.Shelf(entry.Blob)?.Status(entry.Blob.File) is { } blob && blob.IsSameFile(status)
                ? VerificationKind.DamagedBlob
                : VerificationKind.Changed;
        Add(entry.Path, kind, entry.Package, $"content {entry.Root}", $"{actual} ({status.Size} bytes)");
    }

    void VerifyStatus(string path, int package, FileStatus status, int mode, string? owner, string? group)
    {
        if (status.Mode != mode)
        {
            Add(path, VerificationKind.Mode, package, $"mode {Octal(mode)}", $"mode {Octal(status.Mode)}");
        }
        // Whose group it is nobody said: a directory with the set-group-id bit gives its own.
        if (_isOfRoot && ((owner ?? group) is null ? status.Owner != 0 : !Ownership.Matches(status, owner, group)))
        {
            Add(path, VerificationKind.Owner, package,
                $"owner {owner ?? "root"}:{group ?? "root"}", $"owner {status.Owner}:{status.Group}");
        }
    }

    void Add(string path, VerificationKind kind, int package, string expected, string actual)
    {
        if (package < 0 || _isAsked(package))
        {
            _findings.Add(new VerificationFinding(path, kind, package < 0 ? "pm" : _tree.NameOf(package), expected, actual));
        }
    }

    static string Phrase(FileKind kind) => kind switch
    {
        FileKind.Directory => "a directory",
        FileKind.Regular => "a file",
        FileKind.SymbolicLink => "a symbolic link",
        _ => "a special file",
    };

    static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    /// <summary>Some files of a directory, for one thread.</summary>
    readonly record struct Portion(TreeDirectory Directory, int First, int Count);
}
