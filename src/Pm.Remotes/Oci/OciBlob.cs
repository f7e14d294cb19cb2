using Pm.Codecs;

namespace Pm.Remotes.Oci;

/// <summary>Bytes that are to be pushed: in memory, or of a file.</summary>
sealed record OciBlob(OciDescriptor Descriptor, ReadOnlyMemory<byte> Bytes, string? Path)
{
    public static OciBlob Of(string mediaType, ReadOnlyMemory<byte> bytes) => new(new OciDescriptor(mediaType, Sha256Digest.Of(bytes.Span), bytes.Length), bytes, null);

    public static OciBlob OfFile(string mediaType, string path)
    {
        using var file = File.OpenRead(path);
        return new(new OciDescriptor(mediaType, Sha256Digest.Of(file), file.Length), default, path);
    }
}
