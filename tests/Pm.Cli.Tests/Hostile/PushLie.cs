using Pm.Simulation.Lying;

namespace Pm.Cli.Tests.Hostile;

/// <summary>A lie of a registry to who pushes, and what comes of it.</summary>
/// <param name="Part">What it answers with it: the question whether a blob is there, the wish to begin an upload, the upload, the name.</param>
/// <param name="Name">In a few words.</param>
/// <param name="Outcome">The code of the error; <c>ok</c> where all is there in the end.</param>
/// <param name="Tell">The lie.</param>
sealed record PushLie(string Part, string Name, string Outcome, Func<RegistryStory, Lie> Tell)
{
    /// <summary>Whether the registry has to be one on the open network, which encrypts.</summary>
    public bool IsOfOutside { get; init; }

    public override string ToString() => $"{Part}: {Name}";
}
