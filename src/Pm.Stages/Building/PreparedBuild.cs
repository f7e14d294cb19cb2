using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>What is known of a build before anything of it is run.</summary>
/// <param name="Id">Of the package that it makes.</param>
/// <param name="Plan">What is run; null: nothing.</param>
/// <param name="Tools">What that needs, sorted by name.</param>
/// <param name="Compiler">The directory of a compiler that is not where tools usually are; null: none.</param>
/// <param name="InputHash">Of all that what it makes depends on.</param>
sealed record PreparedBuild(PackageId Id, BuildPlan? Plan, ImmutableArray<BuildTool> Tools, string? Compiler, string InputHash);
