using System.Globalization;
using System.Text;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages.Manifests;
using Pm.Remotes;
using Pm.Storage.Unpacking;

namespace Pm.Stages.Sources;

/// <summary>Fetches an archive, or a single file, and unpacks it when it is the one that was written down.</summary>
/// <param name="cache">The directory of the cache.</param>
/// <param name="options">How it is reached.</param>
/// <param name="url">Where it is.</param>
sealed class ArchiveCheckout(string cache, SourceOptions options, string url)
{
    const int DirectoryMode = 0b111_101_101;
    const int BufferSize = 128 * 1024;
    const int NoteLimit = 256;
    const string Archive = "archive";
    const string Content = "content";
    const string TreeNote = "tree";

    /// <exception cref="StageException">PM7203, PM7207, PM7208, PM7210.</exception>
    public async Task<CheckedOutSource> RunAsync(string sha256, LockedSource? locked, CancellationToken cancellation)
    {
        var name = Parse(sha256).ToString()!;
        using var archives = Open();
        if (Kept(archives, name) is null)
        {
            RequireReachable(name);
            _ = await MakeAsync(archives, name, cancellation);
            options.Fetched?.Invoke(new ArchiveSource(url, sha256));
        }

        var found = Kept(archives, name)!;
        return locked?.Tree is { } tree && tree != found.Tree ? throw SourceFault.Differs(url, "tree", tree, found.Tree) : found;
    }

    /// <summary>Fetches what the URL has now, into the cache.</summary>
    /// <returns>Its SHA-256.</returns>
    /// <exception cref="StageException">PM7207: nobody may be asked. PM7211: it is a package. PM7210: anybody on the way could put something else in its place.</exception>
    public async Task<string> PinAsync(CancellationToken cancellation)
    {
        RequireReachable(null);
        if (url.StartsWith("http:", StringComparison.Ordinal) && !new Uri(url).IsLoopback)
        {
            throw SourceFault.Refused(url, "over plain http a digest is needed: write https, or #sha256= and 64 hexadecimal digits behind it");
        }

        using var archives = Open();
        var name = await MakeAsync(archives, null, cancellation);
        using var content = DirectoryHandle.Open(Kept(archives, name)!.Directory);
        // A package belongs to a remote, where its signature counts; its parts are of no use.
        return content.Status("meta.yaml") is not null && content.Status("manifest.sha256") is not null ? throw SourceFault.IsPackage(url) : name;
    }

    /// <summary>Puts a file of this machine into the cache.</summary>
    public async Task<CheckedOutSource> OfFileAsync(CancellationToken cancellation)
    {
        using var archives = Open();
        var name = await FetchAsync(Stream.Null, null, cancellation);
        return Kept(archives, name) ?? Kept(archives, await MakeAsync(archives, name, cancellation))!;
    }

    /// <summary>Whether it is in the cache. Nothing is written.</summary>
    public bool IsHere(string sha256)
    {
        using var archives = DirectoryHandle.TryOpen(PlaceOf(cache));
        return archives is not null && Sha256Digest.TryParse(sha256, null, out var expected) && Kept(archives, expected.ToString()!) is not null;
    }

    DirectoryHandle Open() => DirectoryHandle.OpenOrMake(PlaceOf(cache), DirectoryMode, isDurable: false);

    Sha256Digest Parse(string sha256) =>
        Sha256Digest.TryParse(sha256, null, out var digest) ? digest : throw SourceFault.Refused(url, $"{Trust.ShownText.Of(sha256)} is no SHA-256");

    void RequireReachable(string? sha256)
    {
        if (options.IsOffline && (sha256 is null || options.Supply?.HasArchive(sha256) is not true))
        {
            throw SourceFault.NotHere(url, "the archive");
        }
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

    /// <summary>Fetches and unpacks it.</summary>
    /// <param name="archives">Where to.</param>
    /// <param name="expected">Its SHA-256; null: whichever it has.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its SHA-256, which is its name in the cache.</returns>
    async Task<string> MakeAsync(DirectoryHandle archives, string? expected, CancellationToken cancellation)
    {
        DurableFile.ClearLeft(archives, isAlone: false);
        var temporary = DurableFile.TemporaryName();
        archives.MakeDirectory(temporary, DirectoryMode);
        var name = expected;
        try
        {
            using var place = archives.OpenBeneath(temporary);
            options.Working?.Invoke($"fetching {url}");
            name = await FetchAsync(place, expected, cancellation);
            await Task.Run(() => Unpack(place, cancellation), cancellation);
            place.SyncFileSystem();
            archives.Rename(temporary, archives, name, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY && name is not null && Kept(archives, name) is not null)
        {
            // Another pm was faster, or it was here under another URL.
        }
        finally
        {
            archives.RemoveTree(temporary);
        }

        return name;
    }

    async Task<string> FetchAsync(DirectoryHandle place, string? expected, CancellationToken cancellation)
    {
        using var file = place.CreateFile(Archive, 0b110_000_000);
        using var target = FileWriting.Stream(file);
        return expected is not null && options.Supply?.OpenArchive(expected) is { } supplied
            ? await CopyAsync(supplied, target, expected, cancellation)
            : await FetchAsync(target, expected, cancellation);
    }

    /// <summary>Fetches the archive as it is.</summary>
    /// <exception cref="StageException">PM7208: it is another.</exception>
    public Task DownloadAsync(string sha256, Stream target, CancellationToken cancellation) => FetchAsync(target, Parse(sha256).ToString(), cancellation);

    async Task<string> FetchAsync(Stream target, string? expected, CancellationToken cancellation)
    {
        var place = PackageUrl.Parse(url);
        if (place.Path is { } path)
        {
            return await CopyAsync(File.OpenRead(path), target, expected, cancellation);
        }

        using var fetchers = new Fetchers(options.Http);
        var body = await fetchers.OpenAsync(place, options.FetchLimit, cancellation);
        return await CopyAsync(body.Content, target, expected, cancellation);
    }

    async Task<string> CopyAsync(Stream from, Stream target, string? expected, CancellationToken cancellation)
    {
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        await using var content = from;
        var buffer = new byte[BufferSize];
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
        {
            digest.Append(buffer.AsSpan(0, read));
            target.Write(buffer.AsSpan(0, read));
        }

        var actual = Finish(digest).ToString()!;
        return expected is null || actual == expected ? actual : throw SourceFault.WrongDigest(url, expected, actual);
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
        using (var archive = new FileStream(place.OpenRead(Archive), FileAccess.Read))
        {
            if (ArchiveUnpacking.IsArchive(archive))
            {
                using var destination = UnpackDestination.Open(content);
                ArchiveUnpacking.Unpack(archive, url, destination, GitExport.Limits(options), _ => cancellation.ThrowIfCancellationRequested());
            }
        }

        if (place.Status(Content) is null)
        {
            MakeSingle(place);
        }
        else
        {
            place.Unlink(Archive);
        }

        var tree = SourceTree.Read(Top(content), options.EntryLimit, cancellation);
        if (tree.LinkOutside() is { } link)
        {
            throw SourceFault.Refused(url, string.Create(CultureInfo.InvariantCulture, $"the link `{Pm.Packages.PathText.Show(link)}` leads out of the package"));
        }

        DurableFile.Replace(place, TreeNote, Encoding.ASCII.GetBytes(tree.Identity + "\n"));
    }

    /// <summary>What is no archive is the one file of its source, under the name that it has in the URL. What a system could start may be started.</summary>
    void MakeSingle(DirectoryHandle place)
    {
        place.MakeDirectory(Content, DirectoryMode);
        using var content = place.OpenBeneath(Content);
        bool isProgram;
        using (var file = place.OpenRead(Archive))
        {
            isProgram = SourceFile.IsProgram(file);
        }

        place.SetMode(Archive, isProgram ? DirectoryMode : 0b110_100_100);
        place.Rename(Archive, content, SourceFile.NameOf(url), RenameMode.NoReplace);
    }
}
