namespace Pm.Packages.Pkg;

/// <summary>What was written into a <c>.pkg</c>.</summary>
/// <param name="Manifest">The bytes of <c>manifest.sha256</c>.</param>
/// <param name="Signature">The bytes of its signature, when one was made.</param>
/// <param name="RootSize">Compressed bytes of root.tar.</param>
public sealed record PkgWritten(ReadOnlyMemory<byte> Manifest, ReadOnlyMemory<byte>? Signature, long RootSize);
