using System.Formats.Tar;
using Pm.Codecs;

namespace Pm.Repositories.Tests;

/// <summary>A <c>.pkg</c> as somebody makes one who has another's signed one and no key.</summary>
static class HostilePackage
{
    /// <summary>The same archive with other bytes for one of its members, signature and manifest as they were.</summary>
    public static byte[] WithMember(byte[] pkg, string name, byte[] content)
    {
        using var source = new MemoryStream(pkg);
        using var target = new MemoryStream();
        using (var reader = new TarReader(source))
        using (var writer = new TarWriter(target, TarEntryFormat.Ustar, leaveOpen: true))
        {
            while (reader.GetNextEntry() is { } entry)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, entry.Name)
                {
                    Mode = entry.Mode,
                    DataStream = entry.Name == name ? new MemoryStream(content) : entry.DataStream,
                });
            }
        }

        return target.ToArray();
    }

    /// <summary>A compressed archive with one file of zeros in it.</summary>
    public static byte[] Expanding(int megabytes)
    {
        using var target = new MemoryStream();
        using (var packed = Compressor.Open(target, Compression.Zstandard, leaveOpen: true))
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[megabytes << 20]) });
        }

        return target.ToArray();
    }
}
