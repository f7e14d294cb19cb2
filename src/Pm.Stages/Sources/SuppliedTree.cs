using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Stages.Bundles;
using Pm.Storage.Unpacking;

namespace Pm.Stages.Sources;

/// <summary>Takes the tree of a git source out of a bundle into the cache, once it is known to be the one of the commit.</summary>
sealed class SuppliedTree(string cache, SourceOptions options, GitSource source, ProjectBundle bundle)
{
    const int DirectoryMode = 0b111_101_101;
    const string Content = "content";

    /// <returns>The id of the tree; null: the bundle does not have the commit.</returns>
    /// <exception cref="StageException">PM7203, PM7206, PM7210: what is there is not what the commit names.</exception>
    public string? Take(string commit, CancellationToken cancellation)
    {
        try
        {
            return bundle.HasObject(commit) ? Known(commit, cancellation) : null;
        }
        catch (StageException e) when (e.Code == "PM7203")
        {
            throw new StageException(e.Code, e.Message, "the bundle was damaged or altered, or is not of this pm.lock: copy it again, or make it anew with `pm bundle`");
        }
    }

    string Known(string commit, CancellationToken cancellation)
    {
        var tree = GitProof.TreeOf(commit, source.Folder ?? "", (_, id) => bundle.Object(id), source.Url);
        if (FileStatus.Of(GitExport.PlaceOf(cache, tree)) is not { IsDirectory: true })
        {
            options.Working?.Invoke($"taking {source.Url} from {bundle.Name}");
            Write(tree, cancellation);
        }

        return tree;
    }

    void Write(string tree, CancellationToken cancellation)
    {
        using var trees = DirectoryHandle.OpenOrMake(Path.GetDirectoryName(GitExport.PlaceOf(cache, tree))!, DirectoryMode, isDurable: false);
        DurableFile.ClearLeft(trees, isAlone: false);
        var temporary = DurableFile.TemporaryName();
        trees.MakeDirectory(temporary, DirectoryMode);
        try
        {
            using var place = trees.OpenBeneath(temporary);
            Unpack(place, tree, cancellation);
            var actual = SourceIdentity.Of(Path.Join(place.Path, Content), tree, bundle.Unusual(tree), options.EntryLimit, cancellation);
            if (actual != tree)
            {
                throw SourceFault.Differs($"{bundle.Name}: {source.Url}", "tree", tree, actual);
            }

            place.SyncFileSystem();
            place.Rename(Content, trees, tree, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY && Directory.Exists(GitExport.PlaceOf(cache, tree)))
        {
            // Another pm was faster.
        }
        finally
        {
            trees.RemoveTree(temporary);
        }
    }

    void Unpack(DirectoryHandle place, string tree, CancellationToken cancellation)
    {
        using var archive = bundle.OpenTree(tree) ?? throw SourceFault.Refused(bundle.Name, $"the files of tree {tree} are not there");
        using var destination = UnpackDestination.Open(Path.Join(place.Path, Content));
        if (archive.Length <= TreeTar.EmptySize)
        {
            destination.Commit();
            return;
        }

        try
        {
            ArchiveUnpacking.Unpack(archive, $"{bundle.Name}: {source.Url}", destination, GitExport.Limits(options), _ => cancellation.ThrowIfCancellationRequested());
        }
        catch (PackageFormatException e)
        {
            throw SourceFault.Refused(bundle.Name, e.Message);
        }
    }
}
