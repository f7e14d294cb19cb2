using Pm.Codecs;

namespace Pm.Repositories.Publishing;

/// <summary>An upload that is to be published.</summary>
/// <param name="Digest">Of its bytes.</param>
/// <param name="Name">What messages call it: the publisher's file name.</param>
public sealed record UploadName(Sha256Digest Digest, string Name);
