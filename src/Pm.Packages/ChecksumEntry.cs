using Pm.Codecs;

namespace Pm.Packages;

/// <summary>One line of a checksum list.</summary>
public readonly record struct ChecksumEntry(string Name, Sha256Digest Digest);
