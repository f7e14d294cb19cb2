namespace Pm.Packages.Manifests;

/// <summary>A directory or file of this machine, as written: relative to the manifest, or absolute.</summary>
public sealed record PathSource(string Path) : PackageSource;
