using Pm.Codecs;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Oci;

/// <summary>What a manifest or index says of one of its parts. Source: OCI image specification 1.1, descriptor.md.</summary>
/// <param name="MediaType">What it is.</param>
/// <param name="Digest">Of its bytes.</param>
/// <param name="Size">In bytes.</param>
sealed record OciDescriptor(string MediaType, Sha256Digest Digest, long Size)
{
    /// <summary>What the artifact calls it; null where it has no name.</summary>
    public string? Title { get; init; }

    /// <summary>As Go writes them, <c>linux/amd64</c>; null where it is for any.</summary>
    public string? Platform { get; init; }

    /// <exception cref="MetadataException">It is none, or its digest is not SHA-256.</exception>
    public static OciDescriptor Read(JsonFields fields)
    {
        var text = fields.Text("digest");
        if (!text.StartsWith("sha256:", StringComparison.Ordinal) || !Sha256Digest.TryParse(text.AsSpan("sha256:".Length), null, out var digest))
        {
            throw new MetadataException($"{fields.Where}.digest: expected `sha256:` and 64 hexadecimal digits, got `{Trust.ShownText.Of(text)}`");
        }

        var platform = fields.FindChild("platform");
        return new OciDescriptor(fields.Text("mediaType"), digest, fields.Number("size", 0))
        {
            Title = fields.FindChild("annotations")?.FindText(OciAnnotations.Title),
            Platform = platform is { } given ? $"{given.Text("os")}/{given.Text("architecture")}" : null,
        };
    }
}
