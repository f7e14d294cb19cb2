namespace Pm.Packages.Manifests;

/// <summary>A remote; null: the first that has the package.</summary>
public sealed record RemoteSource(string? Remote) : PackageSource;
