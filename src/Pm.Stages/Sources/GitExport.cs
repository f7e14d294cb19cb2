using System.Text;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Manifests;
using Pm.Storage.Unpacking;

namespace Pm.Stages.Sources;

/// <summary>Takes the tree of a folder out of a repository of the cache.</summary>
sealed class GitExport(string cache, SourceOptions options, GitSource source, GitProgram git)
{
    /// <summary>So many folders are compared with one that is not there.</summary>
    const int MostCandidates = 10_000;

    /// <summary>Where a tree is checked out.</summary>
    public static string PlaceOf(string cache, string tree) => Path.Join(cache, "trees", tree);

    /// <summary>The tree of the source's folder.</summary>
    /// <exception cref="StageException">PM7206: there is no such folder; PM7202: it is no commit.</exception>
    public string TreeOf(string repository, string commit, CancellationToken cancellation)
    {
        // Each line is one name of an object, whatever stands in it.
        var asked = $"{commit}\n{commit}:{source.Folder}\n";
        var lines = Text(Local(repository, ["cat-file", "--batch-check"], Encoding.UTF8.GetBytes(asked), cancellation)).Split('\n');
        if (lines[0].Split(' ') is not [_, "commit", _])
        {
            throw SourceFault.CommitGone(source.Url, commit);
        }

        return lines[1].Split(' ') is [var tree, "tree", _] && GitReference.IsId(tree)
            ? tree
            : throw SourceFault.NoFolder(
                $"{source.Url}: commit {commit}", $"there is no directory `{Trust.ShownText.Of(source.Folder ?? "")}`", Nearest(repository, commit, cancellation));
    }

    /// <summary>Files that were left out when the commit was fetched, because it was for another folder.</summary>
    public List<string> Missing(string repository, string tree, CancellationToken cancellation) =>
    [
        .. Text(Local(repository, ["rev-list", "--objects", "--missing=print", "--no-object-names", tree, "--"], default, cancellation))
            .Split('\n').Where(line => line.StartsWith('?')).Select(line => line[1..]).Where(GitReference.IsId),
    ];

    /// <summary>Writes the tree to where it belongs.</summary>
    /// <exception cref="StageException">PM7210: something of it may not be written.</exception>
    public void Write(string repository, string tree, CancellationToken cancellation)
    {
        var listing = Local(repository, ["ls-tree", "-r", "-t", "-z", "-l", "--full-tree", tree], default, cancellation);
        var count = GitListing.Judge(listing.Output.Span, source.Url, options);
        var place = PlaceOf(cache, tree);
        using var destination = UnpackDestination.Open(place);
        if (!destination.IsFresh)
        {
            return;
        }

        try
        {
            Fill(repository, tree, count, destination, cancellation);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY && Directory.Exists(place))
        {
            // Another pm had the same tree of another repository.
        }
    }

    /// <summary>An object as git keeps it.</summary>
    public byte[] Content(string repository, string kind, string id, CancellationToken cancellation) =>
        Local(repository, ["cat-file", kind, id], default, cancellation).Output.ToArray();

    /// <summary>What of the tree a directory does not show.</summary>
    public List<UnusualEntry> Unusual(string repository, string tree, CancellationToken cancellation) =>
        GitListing.Unusual(Local(repository, ["ls-tree", "-r", "-t", "-z", "-l", "--full-tree", tree], default, cancellation).Output.Span);

    void Fill(string repository, string tree, int count, UnpackDestination destination, CancellationToken cancellation)
    {
        if (count == 0)
        {
            destination.Commit();
            return;
        }

        using var folder = DirectoryHandle.Open(Path.GetDirectoryName(repository)!);
        var name = DurableFile.TemporaryName();
        var file = Path.Join(folder.Path, name);
        try
        {
            Local(repository, ["archive", "--format=tar", $"--output={file}", tree], default, cancellation);
            using var archive = new FileStream(folder.OpenRead(name), FileAccess.Read);
            ArchiveUnpacking.Unpack(archive, source.Url, destination, Limits(options), _ => cancellation.ThrowIfCancellationRequested());
        }
        catch (PackageFormatException e)
        {
            throw SourceFault.Refused(source.Url, e.Message);
        }
        finally
        {
            folder.RemoveTree(name);
        }
    }

    /// <summary>What an archive of a source may do.</summary>
    public static UnpackOptions Limits(SourceOptions options) =>
        UnpackOptions.Default with { MaximumEntries = options.EntryLimit, MaximumTotalBytes = options.ContentLimit };

    string? Nearest(string repository, string commit, CancellationToken cancellation)
    {
        var folders = Local(repository, ["ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", commit], default, cancellation);
        return EditDistance.Nearest(source.Folder ?? "", Text(folders).Split('\0', StringSplitOptions.RemoveEmptyEntries).Take(MostCandidates), most: 1).FirstOrDefault();
    }

    ChildResult Local(string repository, string[] arguments, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var result = git.Run(repository, arguments, input, cancellation);
        return result.IsSuccess && !result.IsOutputCut ? result
            : git.LimitOf(result, null) is { } limit ? throw SourceFault.Refused(source.Url, limit)
            : throw SourceFault.GitFailed(source.Url, "cannot be read in the cache", result);
    }

    static string Text(ChildResult result) => PathText.Decode(result.Output.Span);
}
