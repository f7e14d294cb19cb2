using Pm.Blobs;

namespace Pm.Storage.Packing;

/// <summary>A file of a tree that is packed. Hashed by one thread, read by another later.</summary>
sealed class TreeFile(string path, int mode, long size)
{
    public string Path => path;

    public int Mode => mode;

    public long Size => size;

    public MerkleRoot Root { get; set; }

    /// <summary>Lower hex of <c>security.capability</c>; null: none.</summary>
    public string? Capabilities { get; set; }
}
