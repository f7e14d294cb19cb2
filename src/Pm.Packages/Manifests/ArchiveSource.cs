namespace Pm.Packages.Manifests;

/// <summary>An archive from a web server, and its SHA-256 in 64 lower-case hexadecimal digits.</summary>
public sealed record ArchiveSource(string Url, string Sha256) : PackageSource;
