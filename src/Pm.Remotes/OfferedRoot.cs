using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>A root.json that a repository shows to somebody who does not trust it yet.</summary>
/// <param name="Fingerprint">What a person compares.</param>
/// <param name="Version">Of the root.</param>
/// <param name="Expires">Of the root.</param>
/// <param name="Bytes">As received.</param>
public sealed record OfferedRoot(RootFingerprint Fingerprint, long Version, DateTimeOffset Expires, ReadOnlyMemory<byte> Bytes);
