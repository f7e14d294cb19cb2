using System.Globalization;
using System.Text;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages.Manifests;

namespace Pm.Stages.Sources;

/// <summary>
/// What the cache knows of one git repository, under a lock: a bare repository with the commits that were fetched, and notes. Git never writes
/// into that repository but into a copy of it, made of links, that takes its place when all of it is there and on disk. So a git that
/// outlives a pm that was killed, or leaves its locks, disturbs nobody.
/// </summary>
/// <param name="directory">Of this repository alone.</param>
/// <param name="url">For messages.</param>
/// <param name="isPart">Whether a folder is wanted. Commits whose other files were left out lie apart: a server that was told of them would leave those out again.</param>
sealed class GitMirror(DirectoryHandle directory, string url, bool isPart) : IDisposable
{
    const int DirectoryMode = 0b111_101_101;
    const int FileMode = 0b110_100_100;
    const int NoteLimit = 8192;
    const int SmallFileLimit = 64 << 20;

    /// <summary>Each fetch leaves a pack or two; with many git gets slow, and what was replaced long ago is never asked for again.</summary>
    const int MostPacks = 50;

    const string Commits = "refs/pm";

    readonly DirectoryHandle _directory = directory;

    /// <summary>Opens what is known of the repository at a URL.</summary>
    public static GitMirror Open(string cache, string url, bool isPart) =>
        new(DirectoryHandle.OpenOrMake(PlaceOf(cache, url), DirectoryMode, isDurable: false), url, isPart);

    /// <summary>The same, to look at it; null: nothing is known.</summary>
    public static GitMirror? TryOpen(string cache, string url, bool isPart) =>
        DirectoryHandle.TryOpen(PlaceOf(cache, url)) is { } directory ? new GitMirror(directory, url, isPart) : null;

    static string PlaceOf(string cache, string url)
    {
        const int NameLength = 32;
        return Path.Join(cache, "git", MerkleRoot.Of(Encoding.UTF8.GetBytes(url)).ToString()[..NameLength]);
    }

    /// <summary>Waits until no other pm fetches from there: for who reads the repository or changes it. Notes are read without.</summary>
    /// <exception cref="LockBusyException">The other took too long.</exception>
    public FileLock Hold(SourceOptions options, CancellationToken cancellation) => FileLock.Exclusive(
        Path.Join(_directory.Path, "lock"), $"pm: {url}", options.TimeLimit, options.Time,
        holder => options.Note?.Invoke($"{url}: waiting for {holder?.ToString() ?? "another pm"}"), cancellation);

    /// <summary>The tree that a folder was at a commit, where it was checked out before.</summary>
    public string? TreeOf(string commit, string folder) =>
        Read(TreeNote(commit, folder)) is { } tree && GitReference.IsId(tree) ? tree : null;

    public void KeepTree(string commit, string folder, string tree) => Write(TreeNote(commit, folder), tree);

    /// <summary>What a name said when it was last asked.</summary>
    public GitReference? Followed(GitSource source) =>
        Read(ReferenceNote(source))?.Split(' ', 2) is [var commit, var name] && GitReference.IsId(commit) ? new GitReference(commit, name) : null;

    public void KeepFollowed(GitSource source, GitReference reference) => Write(ReferenceNote(source), $"{reference.Commit} {reference.Name}");

    /// <summary>Where the commit is; null: it was not fetched.</summary>
    public string? RepositoryOf(string commit) =>
        Has(Place(commit, isPart: false), commit) ?? (isPart ? Has(Place(commit, isPart: true), commit) : null);

    /// <summary>Runs <paramref name="fetch"/> in a copy, which counts when it has come to its end.</summary>
    /// <param name="git">Makes it.</param>
    /// <param name="commit">Says by its length which hash the repository uses.</param>
    /// <param name="isAnew">Whether nothing of what was fetched before is kept.</param>
    /// <param name="fetch">Is given the path of the copy.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Change(GitProgram git, string commit, bool isAnew, Action<string> fetch, CancellationToken cancellation)
    {
        ClearLeft();
        var (temporary, name) = (DurableFile.TemporaryName(), Path.GetFileName(Place(commit, isPart)));
        try
        {
            _directory.MakeDirectory(temporary, DirectoryMode);
            var copy = Path.Join(_directory.Path, temporary);
            Make(git, copy, commit, cancellation);
            using var old = _directory.TryOpenBeneath(name);
            if (old is not null && !isAnew && PacksOf(old) < MostPacks)
            {
                using var to = _directory.OpenBeneath(temporary);
                LinkInto(old, to, isObjects: false);
            }

            fetch(copy);
            _directory.SyncFileSystem();
            Replace(temporary, name, old is not null);
        }
        finally
        {
            RemoveQuietly(temporary);
        }
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>The reference that keeps a commit.</summary>
    public static string Keeping(string commit) => $"{Commits}/{commit}";

    static void Make(GitProgram git, string copy, string commit, CancellationToken cancellation)
    {
        var made = git.Run(
            null, ["init", "--quiet", "--bare", "--template=", $"--object-format={(commit.Length == 40 ? "sha1" : "sha256")}", "--", copy], default, cancellation);
        if (!made.IsSuccess)
        {
            throw SourceFault.GitFailed(copy, "cannot be made", made);
        }

        // What a tree says of itself in .gitattributes changes nothing of what is taken out of it.
        var information = Directory.CreateDirectory(Path.Join(copy, "info"));
        DurableFile.Replace(
            Path.Join(information.FullName, "attributes"), "* -export-subst -export-ignore -ident -text -eol -filter -working-tree-encoding\n"u8);
    }

    /// <summary>Objects are never written to once they have their name, so links serve; all else is small, and copied.</summary>
    static void LinkInto(DirectoryHandle from, DirectoryHandle to, bool isObjects)
    {
        foreach (var entry in from.Entries())
        {
            if (entry.Kind is FileKind.Directory)
            {
                using var inner = from.OpenBeneath(entry.Name);
                using var target = to.OpenOrMakeBeneath(entry.Name, DirectoryMode);
                LinkInto(inner, target, isObjects || entry.Name == "objects");
            }
            else if (entry.Kind is FileKind.Regular && !entry.Name.EndsWith(".lock", StringComparison.Ordinal) && to.Status(entry.Name) is null)
            {
                Take(from, to, entry.Name, isObjects);
            }
        }
    }

    static void Take(DirectoryHandle from, DirectoryHandle to, string name, bool isObject)
    {
        if (isObject)
        {
            to.Link(from, name, name);
        }
        else if (from.TryReadFile(name, SmallFileLimit) is { } content)
        {
            using var file = to.CreateFile(name, FileMode);
            FileWriting.Write(file, content);
        }
    }

    static int PacksOf(DirectoryHandle repository)
    {
        using var packs = repository.TryOpenBeneath("objects/pack");
        return packs?.Entries().Count(e => e.Name.EndsWith(".pack", StringComparison.Ordinal)) ?? 0;
    }

    void Replace(string temporary, string name, bool isThere)
    {
        try
        {
            _directory.Rename(temporary, _directory, name, isThere ? RenameMode.Exchange : RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (isThere && e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            // This file system exchanges nothing: for a moment there is none, which costs a fetch.
            _directory.RemoveTree(name);
            _directory.Rename(temporary, _directory, name);
        }

        _directory.Sync();
    }

    void ClearLeft()
    {
        try
        {
            // Notes are written without the lock, by other threads of this process too.
            DurableFile.ClearLeft(_directory, isAlone: false);
        }
        catch (SystemCallException)
        {
            // A git that outlived its pm is still writing there: the next one clears it.
        }
    }

    void RemoveQuietly(string name)
    {
        try
        {
            _directory.RemoveTree(name);
        }
        catch (SystemCallException)
        {
        }
    }

    string Place(string commit, bool isPart) =>
        Path.Join(_directory.Path, string.Create(CultureInfo.InvariantCulture, $"repository-{commit.Length * 4}{(isPart ? "-parts" : "")}"));

    static string? Has(string repository, string commit) =>
        FileStatus.OfLink(Path.Join(repository, Commits, commit)) is { IsRegular: true } ? repository : null;

    static string TreeNote(string commit, string folder) => $"{commit}-{MerkleRoot.Of(Encoding.UTF8.GetBytes(folder)).ToString()[..16]}";

    static string ReferenceNote(GitSource source) =>
        $"followed-{MerkleRoot.Of(Encoding.UTF8.GetBytes($"{source.Kind} {source.Reference}")).ToString()[..32]}";

    string? Read(string note) => _directory.TryReadFile(note, NoteLimit) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    void Write(string note, string text) => DurableFile.Replace(_directory, note, Encoding.UTF8.GetBytes(text + "\n"));
}
