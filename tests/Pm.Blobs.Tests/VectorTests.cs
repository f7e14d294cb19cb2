using System.Text;
using System.Text.Json;
using Pm.Codecs;
using Xunit;

namespace Pm.Blobs.Tests;

/// <summary>The published and derived roots, in each way pm computes them.</summary>
public class VectorTests
{
    [Theory]
    [InlineData("vectors")]
    [InlineData("derived_by_us")]
    public void Every_way_of_hashing_gives_the_published_root(string group)
    {
        using var document = Vectors.Open("fuchsia/merkle.json");
        foreach (var vector in document.RootElement.GetProperty(group).EnumerateArray())
        {
            var data = Data(vector);
            var root = MerkleRoot.Parse(vector.GetProperty("root").GetString()!);

            Assert.Equal(root, MerkleRoot.Of(data));
            Assert.Equal(root, MerkleRoot.Of(new MemoryStream(data)));
            Assert.Equal(root, MerkleTree.Build(new MemoryStream(data)).Root);
            Assert.Equal(root, NaiveMerkle.Of(data));
            Assert.Equal(root, InFile(data, FileReading.Copied));
            Assert.Equal(root, InFile(data, FileReading.Mapped));
        }
    }

    [Theory]
    [InlineData("vectors")]
    [InlineData("derived_by_us")]
    public void The_tree_has_the_published_levels(string group)
    {
        using var document = Vectors.Open("fuchsia/merkle.json");
        foreach (var vector in document.RootElement.GetProperty(group).EnumerateArray())
        {
            if (vector.TryGetProperty("levels", out var levels))
            {
                var tree = MerkleTree.Build(new MemoryStream(Data(vector)));

                var counts = Enumerable.Range(0, tree.Levels).Select(i => tree.Hashes(i).Length / MerkleRoot.Size);
                Assert.Equal(levels.EnumerateArray().Select(l => l.GetInt32()), counts);
            }
        }
    }

    [Fact]
    public void Single_nodes_have_the_published_digests()
    {
        using var document = Vectors.Open("fuchsia/merkle.json");
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        foreach (var node in document.RootElement.GetProperty("nodes").EnumerateArray())
        {
            var level = node.GetProperty("level").GetInt32();
            var offset = node.GetProperty("offset").GetInt64();
            var data = NodeData(node.GetProperty("data").GetString()!);
            var digest = new byte[MerkleRoot.Size];

            if (level == 0)
            {
                MerkleNode.HashLeaf(context, offset, data, digest);
            }
            else
            {
                MerkleNode.HashInner(context, level, offset / MerkleNode.BlockSize, data, digest);
            }

            Assert.Equal(node.GetProperty("digest").GetString(), Convert.ToHexStringLower(digest));
        }
    }

    static byte[] NodeData(string description)
    {
        var ones = Enumerable.Repeat((byte)0xff, MerkleNode.BlockSize).ToArray();
        return description switch
        {
            "8192*ff" => ones,
            "256 leaf hashes of ff-blocks at offsets i*8192" =>
                [.. Enumerable.Range(0, 256).SelectMany(i => NaiveMerkle.Node(0, i * 8192L, 8192, ones))],
            _ => throw new InvalidDataException(description),
        };
    }

    static byte[] Data(JsonElement vector)
    {
        if (vector.TryGetProperty("text", out var text))
        {
            return Encoding.UTF8.GetBytes(text.GetString()!);
        }

        var fill = Convert.FromHexString(vector.GetProperty("fill").GetString()!.Split(' ')[0]);
        var data = new byte[vector.GetProperty("length").GetInt32()];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = fill[i % fill.Length];
        }

        return data;
    }

    static MerkleRoot InFile(byte[] data, FileReading reading)
    {
        using var file = TemporaryFile.With(data);
        return ParallelMerkle.Of(file.Handle, data.Length, threads: 2, reading);
    }
}
