using System.Security.Cryptography;

namespace Pm.Blobs.Tests;

/// <summary>The oracle: the rule of the hash tree written down once more, with nothing of pm in it and no thought of speed.</summary>
static class NaiveMerkle
{
    internal static MerkleRoot Of(byte[] data)
    {
        if (data.Length == 0)
        {
            return new MerkleRoot(SHA256.HashData(new byte[12]));
        }

        var hashes = data.Chunk(8192).Select((block, i) => Node(0, i * 8192L, block.Length, block)).ToList();
        for (var level = 1; hashes.Count > 1; level++)
        {
            var above = level;
            hashes = [.. hashes.Chunk(256).Select((children, i) => Node(above, i * 8192L, 8192, [.. children.SelectMany(c => c)]))];
        }

        return new MerkleRoot(hashes[0]);
    }

    internal static byte[] Node(int level, long offset, int length, byte[] data)
    {
        var message = new MemoryStream();
        message.Write(BitConverter.GetBytes(offset | (long)level));
        message.Write(BitConverter.GetBytes(length));
        message.Write(data);
        message.Write(new byte[8192 - data.Length]);
        return SHA256.HashData(message.ToArray());
    }
}
