using System.Net;

namespace Pm.Remotes.Oci;

/// <summary>What a registry answered to who wants to push. Source: OCI distribution specification 1.1.</summary>
/// <param name="Status">One that belongs to what was asked.</param>
/// <param name="Location">Where to go on; null: it says nothing.</param>
/// <param name="Length">Of what it has, in bytes; null: it says nothing.</param>
/// <param name="Digest">Of what it has or took, as it writes it; null: it says nothing.</param>
sealed record OciAnswer(HttpStatusCode Status, string? Location, long? Length, string? Digest)
{
    public static OciAnswer Of(HttpResponseMessage response) =>
        new(response.StatusCode, Header(response, "Location"), response.Content.Headers.ContentLength, Header(response, "Docker-Content-Digest"));

    /// <summary>Whether it has these bytes already, by all that it says of them. Who says less is sent them: that costs time, and nothing else.</summary>
    public bool Has(OciDescriptor blob) => Status is HttpStatusCode.OK && Length == blob.Size && !IsOther(blob);

    /// <summary>Whether it says that it took something else than these bytes. Of a digest of another kind nothing can be said.</summary>
    public bool IsOther(OciDescriptor blob) => Digest is { } said && said.StartsWith("sha256:", StringComparison.Ordinal) && said != $"sha256:{blob.Digest}";

    static string? Header(HttpResponseMessage response, string name) => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
