using System.Text;
using Pm.Linux;

namespace Pm.Stages.Tests.Sources;

/// <summary>A git repository of a test, with a working tree.</summary>
sealed class GitRepository
{
    /// <summary>Why tests with git do not run here; null: they do.</summary>
    public static string? Obstacle { get; } = ProgramPath.Find("git", Search) is null ? "there is no git on this machine" : null;

    public GitRepository(string path, string format = "sha1")
    {
        Directory = System.IO.Directory.CreateDirectory(path).FullName;
        Git("init", "--quiet", "--initial-branch=main", $"--object-format={format}");
    }

    const string Search = "/usr/local/bin:/usr/bin:/bin";

    public string Directory { get; }

    public string Url => $"file://{Directory}";

    /// <summary>Writes a file; its directories are made.</summary>
    public GitRepository Write(string path, string text)
    {
        var file = Path.Join(Directory, path);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    /// <summary>Commits all that is there, and gives the commit.</summary>
    public string Commit(string message = "change")
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", message);
        return Git("rev-parse", "HEAD");
    }

    /// <summary>A tree of what git-mktree(1) reads.</summary>
    public string Mktree(string entries) => Git(Encoding.UTF8.GetBytes(entries), "mktree", "--missing");

    /// <summary>A tree of one entry, byte by byte, with a name that git itself would refuse.</summary>
    public string Tree(string mode, string name, string id) => Git(
        [.. Encoding.ASCII.GetBytes($"{mode} {name}\0"), .. Convert.FromHexString(id)], "hash-object", "-t", "tree", "-w", "--stdin", "--literally");

    /// <summary>Moves the branch to a commit of a tree.</summary>
    public string CommitTree(string tree)
    {
        var commit = Git("commit-tree", "-m", "made", tree);
        Git("update-ref", "refs/heads/main", commit);
        return commit;
    }

    public string Git(params string[] arguments) => Git([], arguments);

    string Git(byte[] input, params string[] arguments)
    {
        var result = ChildProcess.Run(new ChildOptions
        {
            FileName = "git",
            SearchPath = Search,
            WorkingDirectory = Directory,
            Input = input,
            Arguments = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false", "-c", "commit.gpgsign=false", .. arguments],
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = Search,
                ["HOME"] = Directory,
                ["GIT_CONFIG_NOSYSTEM"] = "1",
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_AUTHOR_DATE"] = "1700000000 +0000",
                ["GIT_COMMITTER_DATE"] = "1700000000 +0000",
            },
        });
        return result.IsSuccess ? result.OutputText.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {result.ErrorText}");
    }
}
