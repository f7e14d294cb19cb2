using System.Text;
using Pm.Blobs;

namespace Pm.Packages.Tests;

/// <summary>Values that many tests need.</summary>
static class Sample
{
    public static readonly MerkleRoot Root = MerkleRoot.Of("a\n"u8);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    public static PackageBuilder Builder(string id = "foo@1.0.0") => new(PackageId.Parse(id));
}
