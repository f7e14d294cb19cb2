using System.Collections.Immutable;
using Pm.Packages.Locks;

namespace Pm.Stages.Projects;

/// <summary>What has to be done to a directory so that it holds what a lockfile names.</summary>
/// <param name="Wanted">All that it is to hold; what of a source a directory does not show is not known before it is there.</param>
/// <param name="Added">What is not there.</param>
/// <param name="Removed">What is there and is not wanted any more.</param>
public sealed record VendorPlan(ImmutableArray<VendoredItem> Wanted, ImmutableArray<VendoredItem> Added, ImmutableArray<VendoredItem> Removed)
{
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty;
}
