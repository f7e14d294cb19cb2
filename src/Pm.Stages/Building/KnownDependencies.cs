using System.Collections.Immutable;

namespace Pm.Stages.Building;

/// <summary>What is there for a build.</summary>
/// <param name="Roots">Absolute: directories with <c>bin/</c>, <c>include/</c>, <c>lib/</c>.</param>
/// <param name="Inputs">Of each package its name and hash.</param>
public sealed record KnownDependencies(ImmutableArray<string> Roots, ImmutableArray<KeyValuePair<string, string>> Inputs);
