using System.Text;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Tar;
using Pm.Stages.Projects;
using Pm.Stages.Sources;
using Pm.Storage;
using Pm.Storage.Packing;

namespace Pm.Stages.Bundles;

/// <summary>Writes a <see cref="ProjectBundle"/>: the same lockfile gives the same bytes.</summary>
/// <param name="cache">Holds the sources.</param>
/// <param name="store">Holds the packages.</param>
/// <param name="scratch">Directory for files without a name.</param>
/// <param name="observer">Told what is in hand.</param>
public sealed class ProjectBundleWriter(SourceCache cache, Store store, string scratch, StageObserver observer)
{
    readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <param name="target">Gets it, from its position on.</param>
    /// <param name="file">What is put in.</param>
    /// <param name="sources">What is built from source, checked out.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageException">PM7244: a package cannot be written; PM7203: a source is not what is locked.</exception>
    public async Task WriteAsync(Stream target, Lockfile file, IReadOnlyDictionary<PackageName, SourcePackage> sources, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(sources);
        var tar = new TarWriter(target);
        tar.WriteFile(Project.LockName, PackageEntry.FileMode, file.ToBytes());
        foreach (var package in file.Packages)
        {
            cancellation.ThrowIfCancellationRequested();
            observer.Working?.Invoke(package.Id.ToString());
            switch (package.Source)
            {
                case RemoteSource:
                    WritePackage(tar, package);
                    break;
                case ArchiveSource archive:
                    await WriteArchiveAsync(tar, archive, cancellation);
                    break;
                case GitSource git:
                    WriteTree(tar, git, sources[package.Id.Name].Checkout, cancellation);
                    break;
            }
        }

        tar.Finish();
    }

    void WritePackage(TarWriter tar, LockedPackage package)
    {
        var member = ProjectBundle.PackageMember(package.Hash!.Value);
        if (_written.Add(member))
        {
            using var copy = ScratchFile.Create(scratch);
            PackageFile.Write(store, package.Hash.Value, copy, scratch);
            WriteFile(tar, member, copy);
        }
    }

    async Task WriteArchiveAsync(TarWriter tar, ArchiveSource archive, CancellationToken cancellation)
    {
        var member = ProjectBundle.ArchiveMember(archive.Sha256);
        if (_written.Add(member))
        {
            using var copy = ScratchFile.Create(scratch);
            await cache.DownloadAsync(archive, copy, cancellation);
            WriteFile(tar, member, copy);
        }
    }

    void WriteTree(TarWriter tar, GitSource git, CheckedOutSource checkout, CancellationToken cancellation)
    {
        foreach (var (id, content) in cache.Proof(git, checkout.Commit!, cancellation).Where(o => _written.Add(ProjectBundle.ObjectMember(o.Id))))
        {
            tar.WriteFile(ProjectBundle.ObjectMember(id), PackageEntry.FileMode, content);
        }

        if (!_written.Add(ProjectBundle.TreeMember(checkout.Tree)))
        {
            return;
        }

        List<UnusualEntry> unusual = GitTree.Of(checkout.Directory, checkout.Tree.Length, [], cancellation) == checkout.Tree ? [] : cache.Unusual(git, checkout.Commit!, checkout.Tree, cancellation);
        var actual = SourceIdentity.Of(checkout.Directory, checkout.Tree, unusual, cache.EntryLimit, cancellation);
        if (actual != checkout.Tree)
        {
            throw SourceFault.Differs(checkout.Directory, "tree", checkout.Tree, actual);
        }

        using var copy = ScratchFile.Create(scratch);
        TreeTar.Write(checkout.Directory, copy, cancellation);
        WriteFile(tar, ProjectBundle.TreeMember(checkout.Tree), copy);
        if (unusual.Count > 0)
        {
            tar.WriteFile(ProjectBundle.UnusualMember(checkout.Tree), PackageEntry.FileMode, Encoding.UTF8.GetBytes(string.Concat(unusual.Select(u => $"{u}\n"))));
        }
    }

    static void WriteFile(TarWriter tar, string member, Stream content)
    {
        content.Flush();
        content.Position = 0;
        tar.WriteFile(member, PackageEntry.FileMode, content.Length, content);
    }
}
