namespace Pm.Remotes;

/// <summary>What a publisher signed: <c>manifest.sha256</c>, which covers the package hash, and the detached signature.</summary>
public sealed record PublisherSignature(ReadOnlyMemory<byte> Manifest, ReadOnlyMemory<byte> Signature);
