using System.Text;
using Pm.Linux;
using Pm.Packages.Index;
using Pm.Packages.Manifests;

namespace Pm.Stages.Sources;

/// <summary>Asks the server of a git repository: what a name says, and for commits.</summary>
sealed class GitRemote(GitProgram git, GitSource source, CancellationToken cancellation)
{
    /// <summary>So many names are compared with one that is not there.</summary>
    const int MostCandidates = 10_000;

    static readonly string[] Quietly = ["--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--no-auto-maintenance"];

    /// <summary>What a server says that has the repository, but not what was asked for in this way.</summary>
    static readonly string[] NotThisWay = ["not our ref", "unadvertised object", "couldn't find remote ref", "shallow", "dumb http"];

    /// <summary>What the source's branch or tag is now.</summary>
    /// <exception cref="StageException">PM7204: there is none of that name; PM7205.</exception>
    public GitReference Resolve() => Find(source.Kind is GitReferenceKind.Default) ?? throw Missing();

    /// <summary>As <see cref="Resolve"/>; null: there is none of that name.</summary>
    public GitReference? Find(bool isHead)
    {
        string[] names = source.Kind switch
        {
            _ when isHead => ["HEAD"],
            GitReferenceKind.Branch => [GitReference.Branches + source.Reference],
            GitReferenceKind.Tag => [GitReference.Tags + source.Reference],
            _ => [GitReference.Tags + source.Reference, GitReference.Branches + source.Reference],
        };
        var said = Ask(["--symref"], [.. names, .. names.Select(n => n + GitAdvertisement.Peeled)]);
        foreach (var name in names)
        {
            if (said.Of(name) is { } commit)
            {
                return new GitReference(commit, isHead ? said.Head ?? name : name);
            }
        }

        return null;
    }

    /// <summary>Brings a commit, without its history where the server can.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="commit">All digits.</param>
    /// <param name="reference">What had it when the server was asked; null: nobody asked.</param>
    /// <exception cref="StageException">PM7202: there is no such commit; PM7205; PM7210: what came is refused.</exception>
    public void Fetch(string repository, string commit, GitReference? reference)
    {
        // Files come with the commit, unless most of them are of no use.
        string[] filter = source.Folder is null ? [] : ["--filter=blob:none"];
        var one = Fetch(repository, ["--depth=1", .. filter], [$"+{commit}:{GitMirror.Keeping(commit)}"]);
        if (one.IsSuccess)
        {
            return;
        }

        if (!NotThisWay.Any(n => one.ErrorText.Contains(n, StringComparison.Ordinal)))
        {
            throw Failed(one, repository);
        }

        string[] names = reference is { Name: not "HEAD" } known
            ? [$"+{known.Name}:refs/all/one"]
            : [$"+{GitReference.Branches}*:refs/all/heads/*", $"+{GitReference.Tags}*:refs/all/tags/*"];
        if (Directory.Exists(Path.Join(repository, "refs/all")))
        {
            // A name of then can be in the way of one of now: `a` of `a/b`.
            Directory.Delete(Path.Join(repository, "refs/all"), recursive: true);
        }

        var all = Fetch(repository, [], names);
        if (!all.IsSuccess)
        {
            throw Failed(all, repository);
        }

        var kept = git.Run(repository, ["update-ref", GitMirror.Keeping(commit), commit], default, cancellation);
        if (!kept.IsSuccess)
        {
            throw SourceFault.CommitGone(source.Url, commit);
        }
    }

    /// <summary>Brings files that were left out before.</summary>
    public void FetchFiles(string repository, IEnumerable<string> ids)
    {
        string[] arguments =
        [
            "-c", "remote.origin.promisor=true", "-c", "remote.origin.partialclonefilter=blob:none", "-c", "fetch.negotiationAlgorithm=noop",
            "fetch", .. Quietly, "--filter=blob:none", "--stdin", "--", "origin",
        ];
        var result = git.Reach(source.Url, repository, arguments, Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n"), cancellation);
        if (!result.IsSuccess)
        {
            throw Failed(result, repository);
        }
    }

    ChildResult Fetch(string repository, string[] options, string[] names)
    {
        string[] promise = options.Any(o => o.StartsWith("--filter", StringComparison.Ordinal))
            ? ["-c", "remote.origin.promisor=true", "-c", "remote.origin.partialclonefilter=blob:none"]
            : [];
        return git.Reach(source.Url, repository, [.. promise, "fetch", .. Quietly, .. options, "--", "origin", .. names], default, cancellation);
    }

    GitAdvertisement Ask(string[] options, string[] names)
    {
        var result = git.Reach(source.Url, null, ["ls-remote", "--quiet", .. options, "--", "origin", .. names], default, cancellation);
        if (!result.IsSuccess)
        {
            throw Failed(result, null);
        }

        return GitAdvertisement.Read(result.OutputText);
    }

    StageException Missing()
    {
        if (source.Kind is GitReferenceKind.Default)
        {
            return SourceFault.NoReference(source.Url, "the repository has no commit, or says not which is its present one", null);
        }

        var what = source.Kind switch { GitReferenceKind.Branch => "branch", GitReferenceKind.Tag => "tag", _ => "tag or branch" };
        string[] options = source.Kind switch { GitReferenceKind.Branch => ["--heads"], GitReferenceKind.Tag => ["--tags"], _ => ["--heads", "--tags"] };
        var known = Ask(options, []).Commits.Keys.Where(n => !n.EndsWith(GitAdvertisement.Peeled, StringComparison.Ordinal)).Select(n => n.Split('/', 3)[^1]).Take(MostCandidates).ToList();
        return known.Count == 0
            ? SourceFault.NoNames(source.Url, what, source.Reference)
            : SourceFault.NoReference(source.Url, $"it has no {what} `{source.Reference}`", EditDistance.Nearest(source.Reference, known, most: 1).FirstOrDefault());
    }

    StageException Failed(ChildResult result, string? repository) =>
        result.ErrorText.Contains("fsck error", StringComparison.Ordinal) || result.ErrorText.Contains("fsck: ", StringComparison.Ordinal)
            ? SourceFault.Refused(source.Url, "what came is no sound repository" + SourceFault.Tail(result.ErrorText))
            : git.LimitOf(result, repository) is { } limit
                ? SourceFault.GitFailed(source.Url, limit)
                : SourceFault.GitFailed(source.Url, "cannot be fetched", result);
}
