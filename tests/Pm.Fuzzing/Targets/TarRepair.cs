using System.Text;
using Pm.Codecs;

namespace Pm.Fuzzing.Targets;

/// <summary>Makes the sums in damaged archives right again: what a hostile author would do.</summary>
static class TarRepair
{
    const int BlockSize = 512;

    /// <summary>The checksum of every block that stands where a header would.</summary>
    public static byte[] Headers(byte[] archive)
    {
        foreach (var (header, _, _) in Entries(archive))
        {
            var block = archive.AsSpan(header, BlockSize);
            block.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var b in block)
            {
                sum += b;
            }

            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
        }

        return archive;
    }

    /// <summary>Headers, the lines of bom.sha256 for a plain root.tar, then those of manifest.sha256.</summary>
    public static byte[] Pkg(byte[] archive)
    {
        Headers(archive);
        var members = Entries(archive).Select(e => (Name: NameAt(archive, e.Header), e.Start, e.Length)).ToList();
        var root = members.Find(m => m.Name == "root.tar");
        var bom = members.Find(m => m.Name == "bom.sha256");
        if (root.Name is not null && bom.Name is not null)
        {
            var inner = Headers(archive.AsSpan(root.Start, root.Length).ToArray());
            inner.CopyTo(archive, root.Start);
            Restate(archive.AsSpan(bom.Start, bom.Length), Entries(inner).Select(e => (NameAt(inner, e.Header), inner[e.Start..(e.Start + e.Length)])));
        }

        var manifest = members.Find(m => m.Name == "manifest.sha256");
        if (manifest.Name is not null)
        {
            Restate(archive.AsSpan(manifest.Start, manifest.Length), members.Select(m => (m.Name, archive[m.Start..(m.Start + m.Length)])));
        }

        return archive;
    }

    /// <summary>Where headers and contents lie, as far as sizes can be believed.</summary>
    static List<(int Header, int Start, int Length)> Entries(byte[] archive)
    {
        var entries = new List<(int, int, int)>();
        for (var at = 0; at + BlockSize <= archive.Length;)
        {
            if (!archive.AsSpan(at, BlockSize).ContainsAnyExcept((byte)0))
            {
                at += BlockSize;
                continue;
            }

            var start = at + BlockSize;
            var length = (int)Math.Min(SizeAt(archive, at), archive.Length - start);
            entries.Add((at, start, length));
            at = start + length + (-length & (BlockSize - 1));
        }

        return entries;
    }

    static long SizeAt(byte[] archive, int header)
    {
        var size = 0L;
        foreach (var digit in archive.AsSpan(header + 124, 12))
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
            {
                size = (size << 3) + digit - '0';
            }
        }

        return size & int.MaxValue;
    }

    static string NameAt(byte[] archive, int header)
    {
        var field = archive.AsSpan(header, 100);
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>In a list of checksums, the digests of those names that stand in it.</summary>
    static void Restate(Span<byte> list, IEnumerable<(string Name, byte[] Content)> files)
    {
        foreach (var (name, content) in files)
        {
            var at = list.IndexOf(Encoding.UTF8.GetBytes(name + "\n"));
            // Two blanks or a tab stand between.
            var start = at - 64 - (at > 1 && list[at - 1] == '\t' ? 1 : 2);
            if (at > 0 && start >= 0)
            {
                Encoding.ASCII.GetBytes(Sha256Digest.Of(content).ToString()).CopyTo(list[start..]);
            }
        }
    }
}
