namespace Pm.Bench;

/// <summary>The same trees in OSTree: a repository as servers have them, and one to check out of by hard links.</summary>
sealed class OstreePlace
{
    const string Program = "/usr/bin/ostree";

    readonly string _served;
    readonly string _local;

    OstreePlace(string home)
    {
        (_served, _local) = (Path.Combine(home, "ostree-served"), Path.Combine(home, "ostree-local"));
        SpawnedProcess.Run(Program, "init", $"--repo={_served}", "--mode=archive");
        SpawnedProcess.Run(Program, "init", $"--repo={_local}", "--mode=bare-user-only");
    }

    /// <summary>Null where OSTree is not installed.</summary>
    /// <param name="home">Where its repositories go.</param>
    /// <param name="place">The trees.</param>
    /// <param name="versions">What is served; the first is there locally, too.</param>
    internal static OstreePlace? TryMake(string home, TwoVersions place, params string[] versions)
    {
        if (!File.Exists(Program))
        {
            return null;
        }

        var made = new OstreePlace(home);
        foreach (var version in versions)
        {
            SpawnedProcess.Run(
                Program, "commit", $"--repo={made._served}", "-b", version, $"--tree=dir={place.Tree(version)}", "--canonical-permissions");
        }

        made.Pull(versions[0]);
        return made;
    }

    internal void Pull(string version) => SpawnedProcess.Run(Program, "pull-local", $"--repo={_local}", _served, version);

    internal double Checkout(string version, string to)
    {
        PeerProgram.Settle(_local);
        return PeerProgram.Time(Program, "checkout", $"--repo={_local}", "-H", "-U", version, to);
    }

    internal double Fsck() => PeerProgram.Time(Program, "fsck", "-q", $"--repo={_local}");

    /// <summary>Fetches what is missing of <paramref name="version"/> and checks it out; then forgets it again.</summary>
    internal double Update(string version, string to)
    {
        PeerProgram.Settle(_local);
        var spent = PeerProgram.Time(Program, "pull-local", $"--repo={_local}", _served, version)
            + PeerProgram.Time(Program, "checkout", $"--repo={_local}", "-H", "-U", version, to);
        SpawnedProcess.Run(Program, "refs", $"--repo={_local}", "--delete", version);
        SpawnedProcess.Run(Program, "prune", $"--repo={_local}", "--refs-only");
        return spent;
    }
}
