using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Storage.Unpacking;

/// <summary>Writes a package's files, or the directory it could be packed from, through the safe unpacker.</summary>
public static class PackageExpansion
{
    // Of the time that packing gives everything.
    static readonly DateTimeOffset Modified = DateTimeOffset.FromUnixTimeSeconds(1);

    /// <param name="package">What is written.</param>
    /// <param name="openBlob">The content of a file.</param>
    /// <param name="unpacker">Gets the entries; the caller finishes it.</param>
    /// <param name="folder">Stands before each path: "" or <c>root/</c>.</param>
    public static void WriteFiles(Package package, Func<MerkleRoot, Stream> openBlob, SafeUnpacker unpacker, string folder)
    {
        foreach (var entry in package.Entries)
        {
            var path = folder + entry.Path;
            switch (entry.Kind)
            {
                case EntryKind.Directory:
                    unpacker.AddDirectory(path, entry.Mode, Modified);
                    break;
                case EntryKind.Symlink:
                    unpacker.AddSymlink(path, entry.Target!, Modified);
                    break;
                default:
                    using (var content = openBlob(entry.Root))
                    {
                        unpacker.AddFile(path, entry.Mode, Modified, content);
                    }

                    break;
            }
        }
    }

    /// <summary>Writes <c>root/</c>, <c>meta.yaml</c>, <c>bin/</c> and <c>meta/</c>, which pack to the same package hash.</summary>
    public static void WriteSource(Package package, Func<MerkleRoot, Stream> openBlob, SafeUnpacker unpacker)
    {
        unpacker.AddDirectory("root", PackageEntry.DirectoryMode, Modified);
        WriteFiles(package, openBlob, unpacker, "root/");
        foreach (var (name, content) in PkgWriter.MembersOf(package))
        {
            var isHook = name.StartsWith(PkgNames.HookFolder + "/", StringComparison.Ordinal);
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            unpacker.AddFile(name, isHook ? PackageEntry.DirectoryMode : PackageEntry.FileMode, Modified, stream);
        }
    }
}
