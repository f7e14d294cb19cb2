using Pm.Blobs;
using Pm.Cli.Commands.Packages;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Cli.Commands.Publishing;

/// <summary>A file that is to go to a server, looked at before anything is sent.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">Without its directory.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Digest">Of its bytes.</param>
/// <param name="Id">What it says it is.</param>
/// <param name="Hash">What it says its package hash is; null where it was made by hand.</param>
/// <param name="IsSigned">Whether there is a signature; whose, and whether it is good, is looked at where it is published.</param>
sealed record PackageToPublish(string Path, string Name, long Size, Sha256Digest Digest, PackageId Id, MerkleRoot? Hash, bool IsSigned)
{
    /// <exception cref="PackageFormatException">It is no package.</exception>
    public static PackageToPublish Read(PmContext context, string name)
    {
        using var stream = InputFile.Open(context, name, $"`pm pkg create {Output.Hostile.OneLine(name)}` makes a package of it");
        var digest = Sha256Digest.Of(stream);
        stream.Position = 0;
        using var archive = PkgArchive.Open(stream, name);
        return new PackageToPublish(
            context.FullPath(name), System.IO.Path.GetFileName(name), stream.Length, digest, archive.Id, archive.ClaimedHash, archive.SignedBy is not null);
    }
}
