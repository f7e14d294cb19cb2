using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>One version of a package that could be chosen, with what it needs.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="Dependencies">Its <c>deps:</c>, in the order written.</param>
/// <param name="IsYanked">Chosen only when asked for by its exact version, or when it is installed already.</param>
public sealed record Candidate(PackageId Id, ImmutableArray<Dependency> Dependencies, bool IsYanked);
