using System.Collections.Concurrent;
using Pm.Blobs;
using Pm.Linux;
using Pm.Storage.Planning;
using Pm.Storage.Switching;

namespace Pm.Storage.Verifying;

/// <summary>Compares every file and directory of some packages with what is on disk. Nothing is believed but the bytes.</summary>
sealed class TreeVerifier
{
    readonly PackageTree _tree;
    readonly DirectoryHandle _top;
    readonly Store _store;
    readonly HashSet<string> _found;
    readonly Func<int, bool> _isAsked;
    readonly ConcurrentBag<VerificationFinding> _findings = [];
    readonly BlobHashes _hashes = new();
    int _files;

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
    }

    public VerificationReport Run(int threads, CancellationToken cancellation)
    {
        var directories = _tree.Directories.Prepend(_tree.Top).ToArray();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(threads, 1), CancellationToken = cancellation };
        Parallel.ForEach(Partitioner.Create(directories, EnumerablePartitionerOptions.NoBuffering), options, Verify);
        return new VerificationReport(
            [.. _findings.OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Kind)], _files, _hashes.Bytes);
    }

    void Verify(TreeDirectory directory)
    {
        if (directory.Files.Count == 0 && (directory.Package < 0 || !_isAsked(directory.Package)))
        {
            return;
        }
        using var handle = Open(directory);
        foreach (var entry in directory.Files)
        {
            if (_isAsked(entry.Package))
            {
                Interlocked.Increment(ref _files);
                Verify(entry, handle);
            }
        }
    }

    /// <summary>The directory itself is judged on the way; null when it is not one.</summary>
    DirectoryHandle? Open(TreeDirectory directory)
    {
        if (directory.Path.Length == 0)
        {
            return _top.OpenBeneath(".");
        }
        DirectoryHandle? handle;
        try
        {
            handle = _top.TryOpenBeneath(directory.Path);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ELOOP or Errno.ENOTDIR)
        {
            Add(directory.Path, VerificationKind.WrongKind, directory.Package, "a directory", "a link or file on the way to it");
            return null;
        }
        if (handle is null)
        {
            Add(directory.Path, VerificationKind.Missing, directory.Package, "a directory", "nothing");
        }
        else if (directory.StatedBy >= 0 && !_found.Contains(directory.Path))
        {
            VerifyStatus(directory.Path, directory.StatedBy, handle.Status(), directory.Mode, directory.Owner, directory.Group);
        }
        return handle;
    }

    void Verify(TreeEntry entry, DirectoryHandle? directory)
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
            case { IsRegular: true } status when !entry.IsLink:
                VerifyContent(entry, directory!, status);
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

    void VerifyContent(TreeEntry entry, DirectoryHandle directory, FileStatus status)
    {
        using (var file = directory.OpenRead(entry.Name))
        {
            var actual = _hashes.Of(file);
            if (actual != entry.Root)
            {
                AddChanged(entry, status, actual);
                return;
            }
        }
        if (!entry.IsConfiguration)
        {
            VerifyStatus(entry.Path, entry.Package, status, entry.DiskMode, entry.Owner, entry.Group);
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
        if ((owner ?? group) is not null && SystemUser.IsRoot && !Ownership.Matches(status, owner, group))
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
}
