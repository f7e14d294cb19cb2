using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Tar;
using Pm.Packages.Zip;

namespace Pm.Storage.Unpacking;

/// <summary>Unpacks any archive, told by its content: tar in every dialect and compression, zip, far, pkg (a tar).</summary>
public static class ArchiveUnpacking
{
    /// <summary>Whether it is an archive at all. The stream is seekable, and left where it was.</summary>
    public static bool IsArchive(Stream archive) => ArchiveFormat.Detect(archive) is not null;

    /// <summary>Unpacks into <paramref name="destination"/> and commits it.</summary>
    /// <param name="archive">Seekable, at the start of the archive; not disposed.</param>
    /// <param name="name">The archive in messages.</param>
    /// <param name="destination">A fresh directory appears only if all went well.</param>
    /// <param name="options">What is allowed.</param>
    /// <param name="progress">Told after each entry how many bytes of the archive were read.</param>
    /// <exception cref="PackageFormatException">PM22xx: not an archive, damaged, hostile, or beyond a limit.</exception>
    /// <exception cref="CodecException">Its compressed data is damaged.</exception>
    public static UnpackReport Unpack(
        Stream archive, string name, UnpackDestination destination, UnpackOptions options, Action<long>? progress = null)
    {
        var format = ArchiveFormat.Detect(archive) ?? throw UnpackFault.NotAnArchive(name);
        if (format.Kind == ArchiveKind.Tar)
        {
            CheckCount(archive, format.Compression, name, options);
        }

        using var counted = new CountingStream(archive);
        using var unpacker = new SafeUnpacker(
            destination.Directory, destination.IsFresh, options, name,
            () => format.Kind == ArchiveKind.Tar ? counted.Count : archive.Length);
        try
        {
            Read(format, archive, counted, name, unpacker, options, progress);
            var report = unpacker.Finish();
            destination.Commit();
            return report;
        }
        catch
        {
            destination.Partial = unpacker.Report;
            throw;
        }
    }

    static void Read(
        ArchiveFormat format, Stream archive, CountingStream counted, string name, SafeUnpacker unpacker,
        UnpackOptions options, Action<long>? progress)
    {
        switch (format.Kind)
        {
            case ArchiveKind.Tar:
                using (var plain = Decompressor.Open(counted, format.Compression, leaveOpen: true))
                {
                    UnpackTar(plain, name, unpacker, options, () => progress?.Invoke(counted.Count));
                }

                break;
            case ArchiveKind.Zip:
                UnpackZip(archive, name, unpacker, options, () => progress?.Invoke(archive.Position));
                break;
            default:
                UnpackFar(archive, name, unpacker);
                break;
        }
    }

    // Making and removing hundreds of thousands of files takes a minute, reading as many headers a second. An archive
    // that is dense enough to break the limit does so in these first bytes; all others are not read any further.
    static void CheckCount(Stream archive, Compression compression, string name, UnpackOptions options)
    {
        var start = archive.Position;
        var enough = (options.Tar.MaximumEntries + 1L) * TarReader.HeadSize;
        if (compression != Compression.None || archive.Length - start >= enough)
        {
            using var plain = Decompressor.Open(archive, compression, leaveOpen: true);
            var reader = new TarReader(plain, options.Tar, name);
            while (reader.Next() is not null && reader.DataOffset < enough)
            {
            }
        }

        archive.Position = start;
    }

    static void UnpackTar(Stream plain, string name, SafeUnpacker unpacker, UnpackOptions options, Action progress)
    {
        var reader = new TarReader(plain, options.Tar, name);
        while (reader.Next() is { } entry)
        {
            AddTar(entry, reader.Data, unpacker);
            progress();
        }

        if (!reader.HasEndMark)
        {
            unpacker.Note("the archive has no end mark: something after its last entry may be missing");
        }

        if (reader.HasTrailingData)
        {
            unpacker.Note("data after the end of the archive was ignored");
        }
    }

    static void AddTar(TarEntry entry, Stream content, SafeUnpacker unpacker)
    {
        switch (entry.Kind)
        {
            case TarEntryKind.File:
                unpacker.AddFile(entry.Path, entry.Mode, entry.Modified, content);
                break;
            case TarEntryKind.Directory:
                unpacker.AddDirectory(entry.Path, entry.Mode, entry.Modified);
                break;
            case TarEntryKind.Symlink:
                unpacker.AddSymlink(entry.Path, entry.LinkTarget ?? "", entry.Modified);
                break;
            case TarEntryKind.HardLink:
                unpacker.AddHardLink(entry.Path, entry.LinkTarget ?? "");
                break;
            default:
                unpacker.AddSpecial(entry.Path, Special(entry));
                break;
        }
    }

    static string Special(TarEntry entry) => entry.Kind switch
    {
        TarEntryKind.CharacterDevice => "a character device",
        TarEntryKind.BlockDevice => "a block device",
        TarEntryKind.Fifo => "a FIFO",
        _ when entry.TypeFlag == 'M' => "the continuation of a file in an earlier volume",
        _ => $"of an unknown type, '{PathText.Show(entry.TypeFlag.ToString())}'",
    };

    static void UnpackZip(Stream archive, string name, SafeUnpacker unpacker, UnpackOptions options, Action progress)
    {
        var reader = ZipReader.Open(archive, options.Zip, name);
        foreach (var entry in reader.Entries)
        {
            switch (entry.Kind)
            {
                case ZipEntryKind.Directory:
                    unpacker.AddDirectory(entry.Path, entry.Mode, entry.Modified);
                    break;
                case ZipEntryKind.Symlink:
                    unpacker.AddSymlink(entry.Path, reader.ReadLinkTarget(entry), entry.Modified);
                    break;
                case ZipEntryKind.File:
                    using (var content = reader.OpenData(entry))
                    {
                        unpacker.AddFile(entry.Path, entry.Mode, entry.Modified, content);
                    }

                    break;
                default:
                    unpacker.AddSpecial(entry.Path, "a device, a FIFO or a socket");
                    break;
            }

            progress();
        }
    }

    static void UnpackFar(Stream archive, string name, SafeUnpacker unpacker)
    {
        foreach (var entry in FarArchive.ReadDirectory(archive, name).Entries)
        {
            using var content = new RegionStream(archive, entry.Offset, entry.Length);
            unpacker.AddFile(entry.Name, PackageEntry.FileMode, null, content);
        }
    }
}
