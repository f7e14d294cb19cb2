namespace Pm.Packages.Manifests;

/// <summary>A directory of this machine, as written: relative to the manifest, or absolute.</summary>
public sealed record PathSource(string Path) : PackageSource;
