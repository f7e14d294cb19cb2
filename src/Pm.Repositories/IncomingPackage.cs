using Pm.Packages.Index;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>A package that was checked and stands in <c>staged/</c>.</summary>
/// <param name="Target">What will be said of it.</param>
/// <param name="File">Length and hashes of its target file.</param>
/// <param name="StagedPkg">The staged copy of the <c>.pkg</c>.</param>
/// <param name="StagedTarget">The staged target file.</param>
/// <param name="Small">The staged signature and public key, and where they go.</param>
/// <param name="Signer">Who signed it.</param>
sealed record IncomingPackage(
    PublishedTarget Target, TargetFile File, string StagedPkg, string StagedTarget, IReadOnlyList<(string Staged, string Path)> Small, Fingerprint? Signer);
