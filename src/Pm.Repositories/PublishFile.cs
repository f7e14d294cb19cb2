using Pm.Codecs;
using Pm.Packages;

namespace Pm.Repositories;

/// <summary>A <c>.pkg</c> that is to be published.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">What messages call it.</param>
public sealed record PublishFile(string Path, string Name)
{
    /// <summary>Nobody writes to it any more, and it is on the repository's file system: linked, not copied.</summary>
    public bool IsSettled { get; init; }

    /// <summary>
    /// What these bytes were published as before, where the file itself is gone. Whether they are still that is looked at
    /// when it is published.
    /// </summary>
    public (PackageId? Id, Sha256Digest Digest)? Before { get; init; }

    internal RepositoryException NotUploaded() => new(
        "PM5035", $"{Name}: it is not uploaded", "run the same command again: it uploads what is missing");
}
