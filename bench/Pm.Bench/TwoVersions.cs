using System.Globalization;

namespace Pm.Bench;

/// <summary>
/// The tree of <see cref="ModulesTree"/> and a second version, in which one file of twenty differs; both in a repository, pulled
/// into a root whose store has the first.
/// </summary>
sealed class TwoVersions
{
    internal const string First = "1.0.0";
    internal const string Second = "1.1.0";

    readonly string _home;
    readonly string _pm;
    int _names;

    /// <param name="home">An empty directory on a disk.</param>
    /// <param name="pm">The executable.</param>
    internal TwoVersions(string home, string pm)
    {
        (_home, _pm) = (home, pm);
        Files = ModulesTree.Write(Tree(First));
        ModulesTree.Write(Tree(Second));
        Changed = ModulesTree.Change(Tree(Second));
        Pm("repo", "init", "-q", Repository);
        foreach (var version in (string[])[First, Second])
        {
            File.WriteAllText(
                Path.Combine(home, version, "meta.yaml"),
                $"name: big\nversion: {version}\nnamespace: bench\ndescription: many files\n");
            Pm("pkg", "create", "-q", "--no-sign", "-o", home, Path.Combine(home, version));
            Pm("repo", "publish", "-q", "--allow-unsigned", "--repo", Repository, Package(version));
        }

        Prepare(Root);
        Pm("--root", Root, "install", "-q", "--allow-unsigned", $"big@{First}");
        List = WriteList();
    }

    /// <summary>Of each version.</summary>
    internal int Files { get; }

    /// <summary>How many of them differ in the second.</summary>
    internal int Changed { get; }

    /// <summary>A prefix root with the first version, and the store that all roots here share.</summary>
    internal string Root => Path.Combine(_home, "root");

    internal string Store => Path.Combine(_home, "store");

    /// <summary>What <c>linkfarm</c> and its like read: the first version's directories, and its files, which are the store's, in <see cref="Root"/>.</summary>
    internal string List { get; }

    /// <summary>A version's <c>.pkg</c>.</summary>
    internal string Package(string version) => Path.Combine(_home, $"big-{version}.pkg");

    string Repository => Path.Combine(_home, "repository");

    /// <summary>The files of a version, as they were packed.</summary>
    internal string Tree(string version) => Path.Combine(_home, version, "root");

    /// <summary>A root that knows the repository and its list.</summary>
    internal void Prepare(string root)
    {
        Pm("--root", root, "remote", "add", "-q", "-y", "--trust-first-use", $"file://{Repository}");
        Pm("--root", root, "pull", "-q");
    }

    /// <summary>A new directory here, by a name that was never used.</summary>
    internal string NewName(string kind) => Path.Combine(_home, string.Create(CultureInfo.InvariantCulture, $"{kind}-{_names++}"));

    internal void Pm(params string[] words) => SpawnedProcess.Run(Command(words));

    /// <summary>How long pm takes for it, in milliseconds, after the disk is quiet.</summary>
    internal double TimePm(params string[] words)
    {
        PeerProgram.Settle(_home);
        return PeerProgram.Time(Command(words));
    }

    string[] Command(string[] words)
    {
        // The root is an option of the command, not of pm.
        string[] root = words is ["--root", var path, ..] ? [$"PM_ROOT={path}"] : [];
        return
        [
            "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", $"HOME={_home}", $"PM_STORE={Store}", .. root,
            _pm, .. words.AsSpan(root.Length * 2),
        ];
    }

    string WriteList()
    {
        var list = Path.Combine(_home, "list");
        using var writer = new StreamWriter(list);
        var top = Tree(First);
        foreach (var directory in Directory.EnumerateDirectories(top, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            writer.WriteLine($"d {Path.GetRelativePath(top, directory)}");
        }

        foreach (var file in Directory.EnumerateFiles(top, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(top, file);
            writer.WriteLine($"l {Path.Combine(Root, path)}\t{path}");
        }

        return list;
    }
}
