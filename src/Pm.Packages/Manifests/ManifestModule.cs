namespace Pm.Packages.Manifests;

/// <summary><c>[[module]]</c>: one program of a package, or one that a project brings down.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Source">Where it is: a path below the project, or a URL; null: found by its name.</param>
/// <param name="Version">As written: <c>0.10</c> without quotes is not <c>0.1</c>; null: the newest.</param>
public sealed record ManifestModule(string Name, string? Source, PackageVersion? Version);
