using Pm.Packages.Versions;

namespace Pm.Packages.Manifests;

/// <summary>A tool, or <c>linux</c> for the kernel, and the versions of it that will do.</summary>
public sealed record ManifestConstraint(string Tool, VersionRequirement Requirement);
