namespace Pm.Storage;

/// <summary>What a publisher signed: <c>manifest.sha256</c> and the armoured detached signature over it.</summary>
public sealed record SignatureFiles(ReadOnlyMemory<byte> Manifest, ReadOnlyMemory<byte> Signature);
