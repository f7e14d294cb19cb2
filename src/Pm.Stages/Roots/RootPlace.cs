using Pm.Remotes.Http;
using Pm.Storage;

namespace Pm.Stages.Roots;

/// <summary>Where a root is, and what a new one there would be.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="StorePath">The store of a root that is made; one that exists knows its own.</param>
/// <param name="Scope">"system" or "user".</param>
public sealed record RootPlace(string Path, string StorePath, string Scope)
{
    /// <summary>The kind of a root that is made; one that exists keeps its own.</summary>
    public RootKind Kind { get; init; } = RootKind.Prefix;

    /// <summary>How its remotes are spoken to; asked when the first one is.</summary>
    public Func<HttpSettings> Http { get; init; } = () => new HttpSettings();

    internal RootSettings Settings => new() { Kind = Kind, StorePath = StorePath, Scope = Scope };
}
