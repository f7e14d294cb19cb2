using System.Collections.Immutable;
using Pm.Packages.Index;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>What was done, or for a dry run what would be.</summary>
/// <param name="Plan">Path by path.</param>
/// <param name="Generation">The generation it made; null for a dry run.</param>
/// <param name="CopiedBytes">Content that was written to the store.</param>
/// <param name="SharedBytes">Content of new packages that was there already.</param>
public sealed record ChangeReport(ChangePlan Plan, Generation? Generation, long CopiedBytes, long SharedBytes)
{
    /// <summary>What the remotes say of the packages that come from them.</summary>
    public ImmutableArray<AvailablePackage> Offers { get; init; } = [];

    /// <summary>The remotes whose lists were gone by though nobody vouches for them any more.</summary>
    public ImmutableArray<ExpiredList> Expired { get; init; } = [];

    /// <summary>For a dry run: the scripts that the change comes by, in their order.</summary>
    public ImmutableArray<DueScript> Scripts { get; init; } = [];
}
