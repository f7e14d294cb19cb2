using Pm.Packages.Tar;

namespace Pm.Packages.Pkg;

/// <summary>Gives a <c>.pkg</c> another signature; every other member stays byte for byte.</summary>
public static class PkgResigning
{
    /// <param name="target">Gets the archive, from its position on.</param>
    /// <param name="archive">The package.</param>
    /// <param name="signature">Armoured, detached, over <see cref="PkgArchive.ManifestBytes"/>.</param>
    public static void Write(Stream target, PkgArchive archive, ReadOnlyMemory<byte> signature)
    {
        var tar = new TarWriter(target);
        tar.WriteFile(PkgNames.Manifest, PackageEntry.FileMode, archive.ManifestBytes.Span);
        tar.WriteFile(PkgNames.Signature, PackageEntry.FileMode, signature.Span);
        var hasFolder = false;
        foreach (var member in archive.Members.Where(m => !PkgNames.IsOutsideManifest(m.Name)))
        {
            var isHook = member.Name.StartsWith(PkgNames.HookFolder + "/", StringComparison.Ordinal);
            if (isHook && !hasFolder)
            {
                tar.WriteDirectory(PkgNames.HookFolder);
                hasFolder = true;
            }

            using var content = archive.OpenMember(member);
            tar.WriteFile(
                member.Name, isHook ? PackageEntry.DirectoryMode : PackageEntry.FileMode, member.Size, content);
        }

        tar.Finish();
    }
}
