namespace Pm.Cli.Tests.Hostile;

/// <summary>An attack on package managers, and what becomes of it for each kind of remote.</summary>
/// <param name="Name">As the literature has it.</param>
/// <param name="Happens">What the attacker does.</param>
/// <param name="Refuses">What in pm refuses it.</param>
/// <param name="BeginAsync">Does it, up to where pm updates.</param>
/// <remarks>
/// An outcome is the code of the error; <c>ok</c> where the right bytes are had all the same; <c>old</c> where nothing changes
/// and nothing is wrong; one that begins with <c>-</c> says why the attack cannot be made there, or not be seen.
/// </remarks>
sealed record Attack(string Name, string Happens, string Refuses, Func<HostileStory, Task> BeginAsync)
{
    /// <summary>A repository over HTTP and HTTPS.</summary>
    public required string Web { get; init; }

    public required string Directory { get; init; }

    public required string Plain { get; init; }

    public required string Git { get; init; }

    /// <summary>Does it with a git repository, up to where pm updates; null: it cannot be done there.</summary>
    public Func<GitStory, Task>? BeginGitAsync { get; init; }

    /// <summary>What the line of the error says of it there.</summary>
    public string GitWords { get; init; } = "";

    public required string Oci { get; init; }

    /// <summary>Does it with a registry of containers, up to where pm installs; null: it cannot be done there.</summary>
    public Func<RegistryStory, Task>? BeginOciAsync { get; init; }

    /// <summary>What the line of the error says of it there.</summary>
    public string OciWords { get; init; } = "";

    /// <summary>What pm is told to do there; null: to install what the tag names, from a registry that the user trusts.</summary>
    public Func<RegistryStory, string[]>? OciCommand { get; init; }

    /// <summary>What the line of the error says of it, as a regular expression: what was expected, and what came.</summary>
    public string Words { get; init; } = "";

    /// <summary>Whether there is an honest mirror behind the first place.</summary>
    public bool HasMirror { get; init; }

    /// <summary>What pm is told to do; null: to pull and to update.</summary>
    public Func<HostileStory, string[]>? Command { get; init; }

    public string Outcome(RemoteFace face) => face switch
    {
        RemoteFace.Directory => Directory,
        RemoteFace.Plain => Plain,
        RemoteFace.Git => Git,
        RemoteFace.Oci => Oci,
        _ => Web,
    };
}
