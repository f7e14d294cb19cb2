namespace Pm.Packages.Locks;

/// <summary>A remote that packages were chosen from.</summary>
/// <param name="Name">What the packages call it.</param>
/// <param name="Url">As it was given.</param>
/// <param name="Root">The fingerprint of the root metadata that was trusted first; null: it has none, being plain.</param>
public sealed record LockedRemote(string Name, string Url, string? Root);
