using System.Diagnostics.CodeAnalysis;
using System.Text;
using Pm.Blobs;

namespace Pm.Packages;

/// <summary><c>meta/contents</c>: a line <c>path=root</c> for every file of a package, sorted by path bytes.</summary>
/// <remarks>Source: docs/formats/contents.md; Fuchsia <c>build.MetaContents</c>.</remarks>
public sealed class Contents
{
    /// <summary>Longest document in bytes: a million files with paths of 190 bytes.</summary>
    public const int MaximumSize = 256 * 1024 * 1024;

    const string Name = "meta/contents";

    readonly ContentsEntry[] _entries;

    Contents(ContentsEntry[] sorted) => _entries = sorted;

    public static Contents Empty { get; } = new([]);

    /// <summary>Sorted by the bytes of their paths.</summary>
    public IReadOnlyList<ContentsEntry> Entries => _entries;

    /// <exception cref="PackageFormatException">PM2006: a path twice, or one that contents cannot express.</exception>
    public static Contents Of(IEnumerable<ContentsEntry> entries)
    {
        var list = entries.ToArray();
        foreach (var (path, _) in list)
        {
            CheckPath(path, Name);
        }

        return Sorted(list, Name);
    }

    /// <summary>Reads Fuchsia's lines in any order: blank ones, CRLF, spaces around and upper-case digits are tolerated.</summary>
    /// <exception cref="PackageFormatException">PM2006, PM2004: not such a document, or a path twice.</exception>
    public static Contents Parse(ReadOnlySpan<byte> document, string where = Name)
    {
        if (document.Length > MaximumSize)
        {
            throw new PackageFormatException("PM2006", $"it has {document.Length} bytes, at most {MaximumSize} are read", where);
        }

        var entries = new List<ContentsEntry>();
        var number = 0;
        foreach (var range in document.Split((byte)'\n'))
        {
            number++;
            var line = document[range].Trim(" \t\r\v\f"u8);
            if (!line.IsEmpty)
            {
                entries.Add(Line(line, where, number));
            }
        }

        return Sorted([.. entries], where);
    }

    public byte[] ToBytes()
    {
        var size = _entries.Sum(e => Encoding.UTF8.GetByteCount(e.Path) + (2 * MerkleRoot.Size) + 2);
        var bytes = new byte[size];
        var at = 0;
        foreach (var (path, root) in _entries)
        {
            at += Encoding.UTF8.GetBytes(path, bytes.AsSpan(at));
            bytes[at++] = (byte)'=';
            at += Encoding.ASCII.GetBytes(root.ToString(), bytes.AsSpan(at));
            bytes[at++] = (byte)'\n';
        }

        return bytes;
    }

    public bool TryFind(string path, out MerkleRoot root)
    {
        var at = Array.BinarySearch(_entries, new ContentsEntry(path, default), EntryOrder.Instance);
        root = at >= 0 ? _entries[at].Root : default;
        return at >= 0;
    }

    /// <summary>Whether a line of contents can say <paramref name="path"/>; if not, <c>meta/modes</c> names the blob.</summary>
    /// <remarks>A line ends its path at the first '=' and loses spaces around it; <c>meta</c> belongs to the package itself.</remarks>
    public static bool CanExpress([NotNullWhen(true)] string? path) =>
        PackagePath.IsValid(path)
        && !path.Contains('=')
        && !char.IsWhiteSpace(path[0])
        && !char.IsWhiteSpace(path[^1])
        && path != "meta"
        && !path.StartsWith("meta/", StringComparison.Ordinal);

    static ContentsEntry Line(ReadOnlySpan<byte> line, string where, int number)
    {
        var equals = line.IndexOf((byte)'=');
        var digits = equals < 0 ? default : line[(equals + 1)..].Trim(" \t"u8);
        Span<byte> root = stackalloc byte[MerkleRoot.Size];
        if (equals < 0 || !HexText.TryDecode(digits, root))
        {
            throw new PackageFormatException(
                "PM2006",
                $"invalid line: {Shown.Quote(line)}; expected `path=` and 64 hexadecimal digits",
                $"{where}:{number}");
        }

        try
        {
            var path = Utf8Text.Decode(line[..equals].Trim(" \t"u8), "PM2006", where: null);
            CheckPath(path, where: null);
            return new ContentsEntry(path, new MerkleRoot(root));
        }
        catch (PackageFormatException e)
        {
            // The place is made only here: a package has thousands of lines, and hardly ever a wrong one.
            throw new PackageFormatException(e.Code, e.Message, $"{where}:{number}", inner: e);
        }
    }

    static Contents Sorted(ContentsEntry[] entries, string where)
    {
        var ascending = 1;
        while (ascending < entries.Length && EntryOrder.Instance.Compare(entries[ascending - 1], entries[ascending]) < 0)
        {
            ascending++;
        }

        if (ascending >= entries.Length)
        {
            return new Contents(entries);
        }

        Array.Sort(entries, EntryOrder.Instance);
        for (var i = 1; i < entries.Length; i++)
        {
            if (entries[i].Path == entries[i - 1].Path)
            {
                throw new PackageFormatException("PM2006", $"path {Shown.Quote(entries[i].Path)} stands there twice", where);
            }
        }

        return new Contents(entries);
    }

    static void CheckPath(string path, string? where)
    {
        if (CanExpress(path))
        {
            return;
        }

        PackagePath.Check(path, where);
        throw new PackageFormatException(
            "PM2006",
            $"path {Shown.Quote(path)} cannot stand in meta/contents: it has a '=', "
            + "begins or ends with a space, or is one of the package's own metadata",
            where);
    }

    sealed class EntryOrder : IComparer<ContentsEntry>
    {
        public static readonly EntryOrder Instance = new();

        public int Compare(ContentsEntry x, ContentsEntry y) => PathOrder.Bytes.Compare(x.Path, y.Path);
    }
}
