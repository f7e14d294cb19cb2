using Pm.Codecs;
using Pm.Packages;

namespace Pm.Remotes.Publishing;

/// <summary>A package file that lies at a server, to be published.</summary>
/// <param name="Digest">Of its bytes.</param>
/// <param name="Name">How messages call it.</param>
/// <param name="Package">What is in it.</param>
public readonly record struct StagedUpload(Sha256Digest Digest, string Name, PackageId Package);
