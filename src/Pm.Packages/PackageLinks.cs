namespace Pm.Packages;

/// <summary>The symbolic links of a package, judged together as they will lie in a root.</summary>
public static class PackageLinks
{
    /// <summary>The first link that leads outside the root it is installed into; null when there is none.</summary>
    /// <remarks>A <c>.pkg</c> is checked when it is read; a package that comes as blobs has to be checked by this.</remarks>
    public static PackageEntry? FirstOutside(Package package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var links = package.Entries.Where(e => e.Kind is EntryKind.Symlink).ToDictionary(e => e.Path, e => e.Target!, StringComparer.Ordinal);
        if (links.Count == 0)
        {
            return null;
        }

        var resolution = new LinkResolution(links);
        return package.Entries.FirstOrDefault(e => e.Kind is EntryKind.Symlink && resolution.LeadsOutside(e.Path, e.Target!));
    }
}
