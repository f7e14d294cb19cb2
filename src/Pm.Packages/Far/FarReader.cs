namespace Pm.Packages.Far;

/// <summary>Reads a FAR in memory, strictly. Source: docs/formats/far.md.</summary>
public sealed class FarReader
{
    readonly ReadOnlyMemory<byte> _archive;

    FarReader(ReadOnlyMemory<byte> archive, FarDirectory directory) => (_archive, Entries) = (archive, directory.Entries);

    /// <summary>In the order of the bytes of their names.</summary>
    public IReadOnlyList<FarEntry> Entries { get; }

    /// <exception cref="PackageFormatException">PM2010: <paramref name="archive"/> breaks a rule of the format.</exception>
    public static FarReader Open(ReadOnlyMemory<byte> archive, string where = "meta.far")
    {
        var bytes = archive.Span;
        var directory = FarDirectory.Parse(bytes, bytes.Length, where);
        foreach (var (offset, length) in directory.Padding)
        {
            var at = bytes.Slice((int)offset, (int)length).IndexOfAnyExcept((byte)0);
            if (at >= 0)
            {
                throw new PackageFormatException("PM2010", $"the padding is not zero at {offset + at}", where);
            }
        }

        return new FarReader(archive, directory);
    }

    /// <summary>The bytes of <paramref name="entry"/>, not copied.</summary>
    public ReadOnlyMemory<byte> Content(FarEntry entry) => _archive.Slice((int)entry.Offset, (int)entry.Length);
}
