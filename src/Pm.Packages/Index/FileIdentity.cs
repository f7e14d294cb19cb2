namespace Pm.Packages.Index;

/// <summary>What signed metadata says of a file: its length in bytes and its digests, in lower-case hexadecimal.</summary>
/// <param name="Length">In bytes; a download is cut off there.</param>
/// <param name="Sha256">64 digits, or null.</param>
/// <param name="Sha512">128 digits, or null.</param>
public sealed record FileIdentity(long Length, string? Sha256, string? Sha512);
