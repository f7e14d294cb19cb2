using Pm.Remotes.Downloads;
using Pm.Storage;

namespace Pm.Stages.Fetching;

/// <summary>A blob that a package needs and the store lacks.</summary>
/// <param name="Name">Its file in the store.</param>
/// <param name="Wanted">What the remote says of it.</param>
readonly record struct MissingBlob(BlobName Name, WantedBlob Wanted);
