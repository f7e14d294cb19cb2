using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary><c>[build]</c>: how the package is made.</summary>
public sealed class ManifestBuild
{
    /// <summary>A program and its arguments; none when there is a script or a preset.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>What a shell runs; null when there is a command or a preset.</summary>
    public string? Script { get; init; }

    /// <summary>The tool whose usual steps are taken, such as <c>cmake</c>.</summary>
    public string? Preset { get; init; }

    /// <summary>Variables of the environment, in the order of the document.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];
}
