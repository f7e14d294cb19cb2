using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Tar;
using Pm.Packages.Zip;

namespace Pm.Storage.Unpacking;

/// <summary>What an archive would make: read through and judged by name, nothing touched.</summary>
public static class ArchiveListing
{
    /// <exception cref="PackageFormatException">As <see cref="ArchiveUnpacking.Unpack"/>, but for what only the destination shows.</exception>
    public static IReadOnlyList<ListedEntry> Read(Stream archive, string name, UnpackOptions options)
    {
        var format = ArchiveFormat.Detect(archive) ?? throw UnpackFault.NotAnArchive(name);
        var entries = new List<ListedEntry>();
        foreach (var entry in format.Kind switch
        {
            ArchiveKind.Tar => Tar(archive, format.Compression, name, options),
            ArchiveKind.Zip => Zip(archive, name, options),
            _ => FarArchive.ReadDirectory(archive, name).Entries.Select(e => new ListedEntry(e.Name, "file", e.Length, null)),
        })
        {
            var where = $"{name}: {PathText.Show(entry.Path)}";
            if (entry.Kind == "special" && !options.SkipsSpecial)
            {
                throw UnpackFault.Special(where, "a device, a FIFO or of an unknown type");
            }

            var path = EntryPath.Judge(entry.Path, options, where);
            entries.Add(entry with { Path = path.Length == 0 ? "." : path });
        }

        CheckLinks(entries, name, options);
        return entries;
    }

    static void CheckLinks(List<ListedEntry> entries, string name, UnpackOptions options)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var link in entries.Where(e => e.Kind == "symlink"))
        {
            links[link.Path] = link.Target ?? "";
        }

        var resolution = new LinkResolution(links);
        foreach (var (path, target) in links)
        {
            var isRewritten = options.RewritesLinks && target.StartsWith('/');
            if (!isRewritten && (target.Length == 0 || path == "." || resolution.LeadsOutside(path, target)))
            {
                throw UnpackFault.Outside(
                    $"{name}: {PathText.Show(path)}", $"the symbolic link leads outside: `{PathText.Show(target)}`");
            }
        }
    }

    static IEnumerable<ListedEntry> Tar(Stream archive, Compression compression, string name, UnpackOptions options)
    {
        using var plain = Decompressor.Open(archive, compression, leaveOpen: true);
        var reader = new TarReader(plain, options.Tar, name);
        while (reader.Next() is { } entry)
        {
            yield return new ListedEntry(entry.Path, entry.Kind switch
            {
                TarEntryKind.File => "file",
                TarEntryKind.Directory => "directory",
                TarEntryKind.Symlink => "symlink",
                TarEntryKind.HardLink => "hard link",
                _ => "special",
            }, entry.Size, entry.LinkTarget);
        }
    }

    static IEnumerable<ListedEntry> Zip(Stream archive, string name, UnpackOptions options)
    {
        var reader = ZipReader.Open(archive, options.Zip, name);
        foreach (var entry in reader.Entries)
        {
            yield return new ListedEntry(entry.Path, entry.Kind switch
            {
                ZipEntryKind.File => "file",
                ZipEntryKind.Directory => "directory",
                ZipEntryKind.Symlink => "symlink",
                _ => "special",
            }, entry.Size, entry.Kind == ZipEntryKind.Symlink ? reader.ReadLinkTarget(entry) : null);
        }
    }
}
