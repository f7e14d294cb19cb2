using System.Globalization;
using System.Text;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages.Manifests;
using Pm.Remotes;
using Pm.Storage.Unpacking;

namespace Pm.Stages.Sources;

/// <summary>Fetches an archive, and unpacks it when it is the one that was written down.</summary>
sealed class ArchiveCheckout(string cache, SourceOptions options, ArchiveSource source)
{
    const int DirectoryMode = 0b111_101_101;
    const int BufferSize = 128 * 1024;
    const int NoteLimit = 256;
    const string Content = "content";
    const string TreeNote = "tree";

    /// <exception cref="StageException">PM7203, PM7207, PM7208, PM7210.</exception>
    public async Task<CheckedOutSource> RunAsync(LockedSource? locked, CancellationToken cancellation)
    {
        if (!Sha256Digest.TryParse(source.Sha256, null, out var expected))
        {
            throw SourceFault.Refused(source.Url, $"{Trust.ShownText.Of(source.Sha256)} is no SHA-256");
        }

        using var archives = DirectoryHandle.OpenOrMake(PlaceOf(cache), DirectoryMode, isDurable: false);
        var name = expected.ToString()!;
        if (Kept(archives, name) is null)
        {
            if (options.IsOffline && options.Supply?.HasArchive(name) is not true)
            {
                throw SourceFault.NotHere(source.Url, "the archive");
            }

            await MakeAsync(archives, name, expected, cancellation);
            options.Fetched?.Invoke(source);
        }

        var found = Kept(archives, name)!;
        return locked?.Tree is { } tree && tree != found.Tree ? throw SourceFault.Differs(source.Url, "tree", tree, found.Tree) : found;
    }

    /// <summary>Whether it is in the cache. Nothing is written.</summary>
    public bool IsHere()
    {
        using var archives = DirectoryHandle.TryOpen(PlaceOf(cache));
        return archives is not null && Sha256Digest.TryParse(source.Sha256, null, out var expected) && Kept(archives, expected.ToString()!) is not null;
    }

    static string PlaceOf(string cache) => Path.Join(cache, "archives");

    static CheckedOutSource? Kept(DirectoryHandle archives, string name)
    {
        using var kept = archives.TryOpenBeneath(name);
        return kept?.TryReadFile(TreeNote, NoteLimit) is { } tree
            ? new CheckedOutSource(Top(Path.Join(kept.Path, Content)), Encoding.ASCII.GetString(tree).TrimEnd('\n'))
            : null;
    }

    /// <summary>An archive of one directory is that directory.</summary>
    static string Top(string content)
    {
        using var directory = DirectoryHandle.Open(content);
        return directory.Entries().Take(2).ToList() is [{ Kind: FileKind.Directory } only] ? Path.Join(content, only.Name) : content;
    }

    async Task MakeAsync(DirectoryHandle archives, string name, Sha256Digest expected, CancellationToken cancellation)
    {
        DurableFile.ClearLeft(archives, isAlone: false);
        var temporary = DurableFile.TemporaryName();
        archives.MakeDirectory(temporary, DirectoryMode);
        try
        {
            using var place = archives.OpenBeneath(temporary);
            options.Working?.Invoke($"fetching {source.Url}");
            await FetchAsync(place, expected, cancellation);
            await Task.Run(() => Unpack(place, cancellation), cancellation);
            place.SyncFileSystem();
            archives.Rename(temporary, archives, name, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY && Kept(archives, name) is not null)
        {
            // Another pm was faster.
        }
        finally
        {
            archives.RemoveTree(temporary);
        }
    }

    async Task FetchAsync(DirectoryHandle place, Sha256Digest expected, CancellationToken cancellation)
    {
        using var file = place.CreateFile("archive", 0b110_000_000);
        using var target = FileWriting.Stream(file);
        if (options.Supply?.OpenArchive(expected.ToString()!) is { } supplied)
        {
            await CopyAsync(supplied, target, expected, cancellation);
            return;
        }

        await DownloadAsync(target, expected, cancellation);
    }

    /// <summary>Fetches the archive as it is.</summary>
    /// <exception cref="StageException">PM7208: it is another.</exception>
    public Task DownloadAsync(Stream target, CancellationToken cancellation) => Sha256Digest.TryParse(source.Sha256, null, out var expected)
        ? DownloadAsync(target, expected, cancellation)
        : throw SourceFault.Refused(source.Url, $"{Trust.ShownText.Of(source.Sha256)} is no SHA-256");

    async Task DownloadAsync(Stream target, Sha256Digest expected, CancellationToken cancellation)
    {
        using var fetchers = new Fetchers(options.Http);
        var body = await fetchers.OpenAsync(PackageUrl.Parse(source.Url), options.FetchLimit, cancellation);
        await CopyAsync(body.Content, target, expected, cancellation);
    }

    async Task CopyAsync(Stream from, Stream target, Sha256Digest expected, CancellationToken cancellation)
    {
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        await using var content = from;
        var buffer = new byte[BufferSize];
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
        {
            digest.Append(buffer.AsSpan(0, read));
            target.Write(buffer.AsSpan(0, read));
        }

        var actual = Finish(digest);
        if (actual != expected)
        {
            throw SourceFault.WrongDigest(source.Url, expected.ToString()!, actual.ToString()!);
        }
    }

    static Sha256Digest Finish(DigestContext digest)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Size];
        digest.Finish(bytes);
        return new Sha256Digest(bytes);
    }

    void Unpack(DirectoryHandle place, CancellationToken cancellation)
    {
        var content = Path.Join(place.Path, Content);
        using (var archive = new FileStream(place.OpenRead("archive"), FileAccess.Read))
        using (var destination = UnpackDestination.Open(content))
        {
            ArchiveUnpacking.Unpack(
                archive, source.Url, destination, GitExport.Limits(options), _ => cancellation.ThrowIfCancellationRequested());
        }

        var tree = SourceTree.Read(Top(content), options.EntryLimit, cancellation);
        if (tree.LinkOutside() is { } link)
        {
            throw SourceFault.Refused(source.Url, string.Create(CultureInfo.InvariantCulture, $"the link `{Pm.Packages.PathText.Show(link)}` leads out of the package"));
        }

        place.Unlink("archive");
        DurableFile.Replace(place, TreeNote, Encoding.ASCII.GetBytes(tree.Identity + "\n"));
    }
}
