using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>A fact that demands a package.</summary>
/// <param name="Target">What is demanded.</param>
/// <param name="Need">Which versions of it.</param>
/// <param name="Ask">Who asks; null: a package does.</param>
/// <param name="By">The package; null: somebody asks.</param>
/// <param name="When">The versions of it that need this.</param>
sealed record Demand(PackageVariable Target, Need Need, Ask? Ask, PackageVariable? By, VersionBits When);
