namespace Pm.Packages.Manifests;

/// <summary>One of <c>[remotes]</c>.</summary>
/// <param name="Name">What dependencies call it.</param>
/// <param name="Url">As written.</param>
/// <param name="Root">The fingerprint of the root metadata that is trusted first, 64 lower-case hexadecimal digits; null: not said.</param>
public sealed record ManifestRemote(string Name, string Url, string? Root);
