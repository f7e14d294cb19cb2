using Pm.Packages.Index;
using Pm.Packages.Pkg;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>A package that was checked and stands in <c>staged/</c>.</summary>
/// <param name="Target">What will be said of it.</param>
/// <param name="File">Length and hashes of its target file.</param>
/// <param name="StagedPkg">The staged copy of the <c>.pkg</c>.</param>
/// <param name="StagedTarget">The staged target file.</param>
/// <param name="Archive">The opened <c>.pkg</c>; its file is closed.</param>
/// <param name="Signer">Who signed it.</param>
sealed record IncomingPackage(
    PublishedTarget Target, TargetFile File, string StagedPkg, string StagedTarget, PkgArchive Archive, Fingerprint? Signer);
