using Pm.Simulation.Lying;

namespace Pm.Cli.Tests.Hostile;

/// <summary>One lie of a server, and what comes of it in each kind of remote.</summary>
/// <param name="Number">In the list of lies that a server can tell.</param>
/// <param name="Name">In a few words.</param>
/// <remarks>
/// An outcome has one word for each kind of file that is lied about: of a repository a small unversioned one
/// (<c>timestamp.json</c>), a versioned one (<c>targets.json</c>) and content, of a plain remote its list and a <c>.pkg</c>, of a git
/// repository what it can do, its names and its objects, of a registry of containers its tokens, a manifest, a configuration and a layer.
/// It is the code of the error, or <c>ok</c> where the right bytes are had all the same; <c>ok/</c> before a code where it is one or the other, as git's library for HTTP has it. An outcome that begins with
/// <c>-</c> says why the lie cannot be told there.
/// </remarks>
sealed record HostileLie(int Number, string Name)
{
    /// <summary>Of a web server.</summary>
    public Lie? Web { get; init; }

    /// <summary>Where the lie has a memory: a new one for each story.</summary>
    public Func<HostileStory, Lie>? NewWeb { get; init; }

    /// <summary>Where the lie has a memory, and needs nothing of a story: a new one each time.</summary>
    public Func<Lie>? Fresh { get; init; }

    /// <summary>Of somebody who can write into a directory.</summary>
    public Action<HostileStory, string>? File { get; init; }

    /// <summary>Of a repository as a whole, whatever carries it: done when its next version is published.</summary>
    public Func<HostileStory, Task>? State { get; init; }

    /// <summary>What the line of the error says of it, as a regular expression: what was expected, and what came.</summary>
    public string Words { get; init; } = "expected .*(got|ended|asks)|not valid JSON|it is not JSON";

    public required string Http { get; init; }

    /// <summary>Null: as over HTTP.</summary>
    public string? Https { get; init; }

    public required string Directory { get; init; }

    public required string Plain { get; init; }

    public required string Git { get; init; }

    /// <summary>What the line of the error says of it where a git repository lies, as a regular expression.</summary>
    public string GitWords { get; init; } = "";

    /// <summary>Of the server of a git repository, where it is not <see cref="Web"/>; null where only its state is another.</summary>
    public Func<GitStory, Lie?>? NewGit { get; init; }

    public required string Oci { get; init; }

    /// <summary>Of the server of a registry of containers, where it is not <see cref="Web"/>; null where only its state is another.</summary>
    public Func<RegistryStory, Lie?>? NewOci { get; init; }

    /// <summary>Whether an honest mirror makes up for it. A lie that is indistinguishable from what a publisher may do is not found.</summary>
    public string? NoMirror { get; init; }

    /// <summary>The kinds of files that are lied about, one after the other.</summary>
    public static string[] Parts(RemoteFace face) => face switch
    {
        RemoteFace.Plain => ["available.json", ".pkg"],
        RemoteFace.Git => ["info/refs", "ls-refs", "fetch"],
        RemoteFace.Oci => ["token", "manifest", "configuration", "layer"],
        _ => ["timestamp.json", ".targets.json", "content"],
    };

    /// <summary>Also of the names that endless redirects lead to.</summary>
    public static bool IsAbout(string path, string part) => part == "content"
        ? !path.TrimEnd('x').EndsWith(".json", StringComparison.Ordinal)
        : path.TrimEnd('x').EndsWith(part, StringComparison.Ordinal);

    public string Outcome(RemoteFace face) => face switch
    {
        RemoteFace.Http => Http,
        RemoteFace.Https => Https ?? Http,
        RemoteFace.Directory => Directory,
        RemoteFace.Git => Git,
        RemoteFace.Oci => Oci,
        _ => Plain,
    };

    /// <summary>Whether the server has to be one on the open network, as pm sees it.</summary>
    public bool IsOutside { get; init; }

    public bool Applies(RemoteFace face) => !Outcome(face).StartsWith('-');

    /// <summary>Begins to lie about some files.</summary>
    public async Task BeginAsync(HostileStory story, Func<string, bool> about)
    {
        if (State is not null)
        {
            await State(story);
            story.ServeWhatIs();
        }
        else if (story.Server is { } server)
        {
            server.LiesAbout = about;
            server.LieAlways = NewWeb?.Invoke(story) ?? Fresh?.Invoke() ?? Web!;
        }
        else
        {
            story.Files.Change(about, file => File!(story, file));
        }
    }

    /// <summary>Whether the server of a git repository has to be one that encrypts.</summary>
    public bool IsOfEncryption => Https is not null && NewGit is not null;

    /// <summary>The server of a git repository begins to lie about some requests.</summary>
    public void Begin(GitStory story, string part)
    {
        story.Server.LiesTo = request => GitGateway.IsAbout(request, part);
        story.IsHasty = GitWords.Contains("too slow", StringComparison.Ordinal);
        story.Server.LieAlways = NewGit is null ? Web! : NewGit(story);
    }

    /// <summary>Whether a registry has to be one on the open network, which encrypts.</summary>
    public bool IsOfOutside => IsOutside || IsOfEncryption;

    /// <summary>The server of a registry begins to lie about some requests.</summary>
    public void Begin(RegistryStory story, string part) => story.BeginLying(NewOci is null ? Fresh?.Invoke() ?? Web! : NewOci(story), part);

    public override string ToString() => $"{Number} {Name}";
}
