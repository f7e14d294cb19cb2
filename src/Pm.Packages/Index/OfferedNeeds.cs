using System.Collections.Immutable;

namespace Pm.Packages.Index;

/// <summary>Of a version what is needed to choose one.</summary>
/// <param name="Dependencies">Its <c>deps:</c>.</param>
/// <param name="Requires">Its <c>requires:</c>, which may be no requirements at all.</param>
public readonly record struct OfferedNeeds(ImmutableArray<Dependency> Dependencies, ImmutableSortedDictionary<PackageName, string> Requires);
