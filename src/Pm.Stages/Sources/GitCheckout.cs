using Pm.Linux;
using Pm.Packages.Manifests;

namespace Pm.Stages.Sources;

/// <summary>Checks a commit of a git repository out, or a folder of it.</summary>
sealed class GitCheckout(string cache, SourceOptions options, GitSource source)
{
    readonly string _folder = source.Folder ?? "";

    /// <exception cref="StageException">PM7201 to PM7207, PM7209, PM7210.</exception>
    public CheckedOutSource Run(LockedSource? locked, CancellationToken cancellation)
    {
        if (source.Fault() is { } fault)
        {
            throw SourceFault.Refused(Trust.ShownText.Of(source.Url), fault);
        }

        var commit = Wanted(locked);
        using var mirror = GitMirror.Open(cache, source.Url, isPart: source.Folder is not null);
        if (commit is null && options.IsOffline)
        {
            commit = (mirror.Followed(source) ?? throw SourceFault.NotHere(source.Url, $"what {Named()} is")).Commit;
        }

        if (commit is not null && Cached(mirror, commit) is { } cached)
        {
            return Checked(cached, locked);
        }

        if (commit is not null && options.Supply is { } supply && new SuppliedTree(cache, options, source, supply).Take(commit, cancellation) is { } supplied)
        {
            mirror.KeepTree(commit, _folder, supplied);
            options.Fetched?.Invoke(source);
            return Checked(Of(mirror, commit, supplied), locked);
        }

        var git = new GitProgram(options);
        var remote = new GitRemote(git, source, cancellation);
        options.Working?.Invoke($"fetching {source.Url}");
        var reference = options.IsOffline ? null : Ask(remote, commit, locked is not null);
        commit ??= reference!.Value.Commit;
        var isNew = Cached(mirror, commit) is null;
        var tree = isNew ? Fetch(mirror, git, remote, commit, reference, cancellation) : Cached(mirror, commit)!.Tree;
        if (isNew)
        {
            options.Fetched?.Invoke(source);
        }

        if (reference is { } followed && followed.Commit == commit)
        {
            mirror.KeepFollowed(source, followed);
        }

        return Checked(Of(mirror, commit, tree), locked);
    }

    /// <summary>Whether a locked commit is in the cache, checked out. Nothing is written.</summary>
    public bool IsHere(LockedSource? locked)
    {
        using var mirror = locked?.Commit is null ? null : GitMirror.TryOpen(cache, source.Url, isPart: source.Folder is not null);
        return mirror is not null && Cached(mirror, locked!.Commit!) is not null;
    }

    /// <summary>The objects that lead from a commit to the tree of the folder; what is not here is fetched.</summary>
    public List<(string Id, byte[] Content)> Proof(string commit, CancellationToken cancellation)
    {
        using var mirror = GitMirror.Open(cache, source.Url, isPart: source.Folder is not null);
        using var held = mirror.Hold(options, cancellation);
        var git = new GitProgram(options);
        if (mirror.RepositoryOf(commit) is null)
        {
            mirror.Change(git, commit, isAnew: false, copy => new GitRemote(git, source, cancellation).Fetch(copy, commit, null), cancellation);
        }

        var objects = new List<(string, byte[])>();
        var export = new GitExport(cache, options, source, git);
        GitProof.TreeOf(commit, _folder, Find, source.Url);
        return objects;

        byte[] Find(string kind, string id)
        {
            var content = export.Content(mirror.RepositoryOf(commit)!, kind, id, cancellation);
            objects.Add((id, content));
            return content;
        }
    }

    /// <summary>What of a tree of a commit in the cache a directory does not show.</summary>
    public List<UnusualEntry> Unusual(string commit, string tree, CancellationToken cancellation)
    {
        using var mirror = GitMirror.Open(cache, source.Url, isPart: source.Folder is not null);
        using var held = mirror.Hold(options, cancellation);
        var repository = mirror.RepositoryOf(commit) ?? throw SourceFault.NotHere(source.Url, $"commit {commit}");
        return new GitExport(cache, options, source, new GitProgram(options)).Unusual(repository, tree, cancellation);
    }

    /// <summary>The commit that is known without asking.</summary>
    string? Wanted(LockedSource? locked)
    {
        if (locked?.Commit is { } commit && !GitReference.IsId(commit))
        {
            throw SourceFault.Differs(source.Url, "a commit, which is", "40 or 64 hexadecimal digits", commit);
        }

        return source.Kind is GitReferenceKind.Commit && locked?.Commit is { } other && other != source.Reference
            ? throw SourceFault.Differs(source.Url, "commit", other, source.Reference)
            : locked?.Commit ?? (source.Kind is GitReferenceKind.Commit ? source.Reference : null);
    }

    /// <summary>What the name says now. A branch goes on, so where a commit is locked only tags are looked at.</summary>
    GitReference? Ask(GitRemote remote, string? commit, bool isLocked)
    {
        if (commit is null)
        {
            return remote.Resolve();
        }

        if (!isLocked || source.Kind is not (GitReferenceKind.Tag or GitReferenceKind.Name))
        {
            return null;
        }

        var now = remote.Find(isHead: false);
        return now is { IsTag: true } tag && tag.Commit != commit
            ? throw SourceFault.TagMoved(source.Url, source.Reference, commit, tag.Commit)
            : now;
    }

    string Fetch(GitMirror mirror, GitProgram git, GitRemote remote, string commit, GitReference? reference, CancellationToken cancellation)
    {
        using var held = mirror.Hold(options, cancellation);
        if (mirror.RepositoryOf(commit) is null)
        {
            if (options.IsOffline)
            {
                throw SourceFault.NotHere(source.Url, $"commit {commit}");
            }

            // Where the name is of another commit than the locked one, the whole history is looked through for that.
            mirror.Change(git, commit, isAnew: false, copy => remote.Fetch(copy, commit, reference?.Commit == commit ? reference : null), cancellation);
        }

        var export = new GitExport(cache, options, source, git);
        var tree = export.TreeOf(mirror.RepositoryOf(commit)!, commit, cancellation);
        if (!Directory.Exists(GitExport.PlaceOf(cache, tree)))
        {
            if (export.Missing(mirror.RepositoryOf(commit)!, tree, cancellation) is { Count: > 0 } missing)
            {
                if (options.IsOffline)
                {
                    throw SourceFault.NotHere(source.Url, $"a file of {Named()}");
                }

                mirror.Change(git, commit, isAnew: false, copy => remote.FetchFiles(copy, missing), cancellation);
            }

            export.Write(mirror.RepositoryOf(commit)!, tree, cancellation);
        }

        mirror.KeepTree(commit, _folder, tree);
        return tree;
    }

    CheckedOutSource? Cached(GitMirror mirror, string commit) =>
        mirror.TreeOf(commit, _folder) is { } tree && FileStatus.Of(GitExport.PlaceOf(cache, tree)) is { IsDirectory: true } ? Of(mirror, commit, tree) : null;

    CheckedOutSource Of(GitMirror mirror, string commit, string tree) => new(GitExport.PlaceOf(cache, tree), tree)
    {
        Commit = commit,
        Reference = source.Kind switch
        {
            GitReferenceKind.Commit => null,
            GitReferenceKind.Branch => GitReference.Branches + source.Reference,
            GitReferenceKind.Tag => GitReference.Tags + source.Reference,
            _ => mirror.Followed(source) is { } followed && followed.Commit == commit ? followed.Name : null,
        },
    };

    CheckedOutSource Checked(CheckedOutSource found, LockedSource? locked) => locked?.Tree is { } tree && tree != found.Tree
        ? throw SourceFault.Differs($"{source.Url}: commit {found.Commit}", "tree", tree, found.Tree)
        : found;

    string Named() => source.Kind is GitReferenceKind.Default ? "its present commit" : $"`{source.Reference}`";
}
