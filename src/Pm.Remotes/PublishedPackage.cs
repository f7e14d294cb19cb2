using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>A package as the metadata of a remote names it: all that is needed to fetch and check it.</summary>
/// <param name="Target">What the repository says of it.</param>
/// <param name="File">Length and hashes of its target file: the meta.far, or the <c>.pkg</c> where it travels alone; null in a remote without signed metadata.</param>
public sealed record PublishedPackage(PublishedTarget Target, TargetFile? File)
{
    public PackageId Id => Target.Package.Id;

    /// <summary>Whether it can only be fetched as its <c>.pkg</c>: it was made without <c>package.merkle</c>.</summary>
    public bool IsPkgAlone => Target.Package.Hash is null;
}
