using Pm.Blobs;

namespace Pm.Packages.Pkg;

/// <summary>A file's content as a package has it. Size in bytes.</summary>
public readonly record struct PkgBlob(MerkleRoot Root, long Size, bool IsExecutable);
