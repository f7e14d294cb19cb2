using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>A blob that a package needs, with its size in bytes where the remote states it.</summary>
readonly record struct NeededBlob(BlobName Name, long? Size);
