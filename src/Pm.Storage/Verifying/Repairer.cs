using Pm.Blobs;
using Pm.Linux;
using Pm.Storage.Planning;
using Pm.Storage.Switching;

namespace Pm.Storage.Verifying;

/// <summary>Puts back what verification found damaged. Each file is replaced in one step, so it may stop anywhere.</summary>
sealed class Repairer
{
    const string Beside = ".pm-0-0";

    readonly RootWriter _writer;
    readonly VerificationOptions _options;
    readonly Generation _current;
    readonly PackageTree _tree;
    readonly Placer _placer;
    readonly HashSet<MerkleRoot> _good = [];

    public Repairer(RootWriter writer, VerificationOptions options)
    {
        _writer = writer;
        _options = options;
        _current = writer.Root.Current!;
        var shelf = new PackageShelf(writer.Store);
        _tree = shelf.TreeOf(_current.Packages.Where(p => IsReadable(writer.Store, p)));
        _placer = new Placer(writer.Store);
    }

    public VerificationReport Repair(VerificationReport report, CancellationToken cancellation)
    {
        using var content = Verification.OpenContent(_writer.Root, _current.Number);
        if (content is null)
        {
            return report;
        }
        using var fileSystems = new FileSystems(content);
        using var cursor = new DirectoryCursor(content, fileSystems);
        var findings = new List<VerificationFinding>();
        foreach (var finding in report.Findings)
        {
            cancellation.ThrowIfCancellationRequested();
            findings.Add(finding with { IsRepaired = finding.IsDamage && TryRepair(finding, content, cursor) });
        }
        fileSystems.Sync();
        return report with { Findings = [.. findings] };
    }

    static bool IsReadable(Store store, InstalledPackage package)
    {
        try
        {
            return store.Find(package.Hash) is not null;
        }
        catch (Exception e) when (e is Packages.PackageFormatException or BlobMismatchException)
        {
            return false;
        }
    }

    bool TryRepair(VerificationFinding finding, DirectoryHandle content, DirectoryCursor cursor)
    {
        if (_tree.Directory(finding.Path) is { } directory)
        {
            return RepairDirectory(finding, directory, content);
        }
        return _tree.Files.TryGetValue(finding.Path, out var entry)
            && (entry.IsLink || EnsureGood(entry))
            && TryReplace(finding, entry, content, cursor);
    }

    static bool RepairDirectory(VerificationFinding finding, TreeDirectory directory, DirectoryHandle content)
    {
        switch (finding.Kind)
        {
            case VerificationKind.Missing:
                content.OpenOrMakeBeneath(directory.Path, directory.Mode).Dispose();
                return true;
            case VerificationKind.Mode or VerificationKind.Owner:
                var parentPath = DiskView.ParentOf(directory.Path);
                using (var parent = content.OpenBeneath(parentPath.Length == 0 ? "." : parentPath))
                {
                    if (finding.Kind is VerificationKind.Owner && (directory.Owner ?? directory.Group) is null)
                    {
                        parent.SetOwner(directory.Name, 0, 0);
                    }
                    Ownership.Apply(parent, directory.Name, directory.Owner, directory.Group);
                    parent.SetMode(directory.Name, directory.Mode);
                }
                return true;
            default:
                // Somebody put a link or file there on purpose; nothing of it is thrown away.
                return false;
        }
    }

    bool TryReplace(VerificationFinding finding, TreeEntry entry, DirectoryHandle content, DirectoryCursor cursor)
    {
        var parentPath = DiskView.ParentOf(entry.Path);
        try
        {
            content.OpenOrMakeBeneath(parentPath.Length == 0 ? "." : parentPath, Root.DirectoryMode).Dispose();
            var directory = cursor.At(parentPath);
            if (directory.Status(entry.Name) is { IsDirectory: true })
            {
                return false;
            }
            directory.RemoveTree(Beside);
            _placer.PutBeside(directory, entry, Beside);
            if (directory.Status(Beside) is { } good && directory.Status(entry.Name) is { } there && good.IsSameFile(there))
            {
                // The store's own file, with another mode; rename(2) does nothing between two names of one file.
                directory.Unlink(Beside);
                if (finding.Kind is VerificationKind.Owner or VerificationKind.Capabilities)
                {
                    // chown(2) takes capabilities away; the store's files have neither.
                    directory.SetOwner(entry.Name, 0, 0);
                }
                directory.SetMode(entry.Name, entry.DiskMode);
                return true;
            }
            if (finding.Kind is VerificationKind.Changed or VerificationKind.WrongKind or VerificationKind.Target)
            {
                Save(directory, entry.Name);
            }
            directory.Rename(Beside, directory, entry.Name);
            return true;
        }
        catch (SystemCallException e) when (e.Errno is Errno.ELOOP or Errno.ENOTDIR)
        {
            return false;
        }
    }

    /// <summary>What somebody made of it stays, under another name.</summary>
    static void Save(DirectoryHandle directory, string name)
    {
        for (var i = 1; ; i++)
        {
            var suffix = i == 1 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $".{i}");
            try
            {
                directory.Rename(name, directory, name + PlanSuffix.Save + suffix, RenameMode.NoReplace);
                return;
            }
            catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
            {
            }
        }
    }

    /// <summary>Whether the store's own copy is whole, after it was replaced if it was not.</summary>
    bool EnsureGood(TreeEntry entry)
    {
        if (_good.Contains(entry.Root))
        {
            return true;
        }
        if (!IsGood(entry.Blob) && !IsGood(entry.Blob.Other) && !TryFetch(entry.Blob))
        {
            return false;
        }
        _good.Add(entry.Root);
        return true;
    }

    /// <summary>A blob that is damaged is taken out of the store: no other root may link it.</summary>
    bool IsGood(BlobName blob)
    {
        using var file = _writer.Store.Shelf(blob)?.TryOpenRead(blob.File);
        if (file is null)
        {
            return false;
        }
        if (DiskView.RootOf(file) == blob.Root)
        {
            return true;
        }
        _writer.Store.Shelf(blob)!.Unlink(blob.File);
        return false;
    }

    bool TryFetch(BlobName blob)
    {
        using var source = _options.OpenReplacement?.Invoke(blob.Root);
        if (source is null)
        {
            return false;
        }
        using var writer = _writer.Store.Create(blob.IsExecutable);
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = source.Read(buffer)) > 0)
        {
            writer.Append(buffer.AsSpan(0, count));
        }
        var root = writer.Commit();
        _writer.Store.Sync();
        return root == blob.Root;
    }
}
