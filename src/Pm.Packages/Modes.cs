using System.Text;

namespace Pm.Packages;

/// <summary><c>meta/modes</c>: what Unix needs to know of a package's paths beyond <c>meta/contents</c>.</summary>
/// <remarks>One text a meaning: lines sorted by path bytes, nothing that goes without saying. Source: docs/formats/modes.md.</remarks>
public sealed class Modes
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaximumSize = 256 * 1024 * 1024;

    const string Name = "meta/modes";

    readonly ModeEntry[] _entries;

    Modes(ModeEntry[] sorted) => _entries = sorted;

    public static Modes Empty { get; } = new([]);

    /// <summary>Sorted by the bytes of their paths.</summary>
    public IReadOnlyList<ModeEntry> Entries => _entries;

    /// <exception cref="PackageFormatException">PM2007, PM2004: an entry that cannot be written, or a path twice.</exception>
    public static Modes Of(IEnumerable<ModeEntry> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, static (a, b) => PathOrder.Bytes.Compare(a.Path, b.Path));
        for (var i = 0; i < sorted.Length; i++)
        {
            ModeLine.Check(sorted[i], Name);
            if (i > 0 && sorted[i].Path == sorted[i - 1].Path)
            {
                throw new PackageFormatException("PM2007", $"path {Shown.Quote(sorted[i].Path)} stands there twice", Name);
            }
        }

        return new Modes(sorted);
    }

    /// <exception cref="PackageFormatException">PM2007, PM2004: not the one way to write these modes.</exception>
    public static Modes Parse(ReadOnlySpan<byte> document, string where = Name)
    {
        if (document.Length > MaximumSize)
        {
            throw new PackageFormatException("PM2007", $"it has {document.Length} bytes, at most {MaximumSize} are read", where);
        }

        var entries = new List<ModeEntry>();
        while (!document.IsEmpty)
        {
            var place = $"{where}:{entries.Count + 1}";
            var end = document.IndexOf((byte)'\n');
            if (end < 0)
            {
                throw new PackageFormatException("PM2007", "the last line has no newline", place);
            }

            var entry = ModeLine.Parse(Utf8Text.Decode(document[..end], "PM2007", place), place);
            if (entries is [.., var last] && PathOrder.Bytes.Compare(last.Path, entry.Path) >= 0)
            {
                throw new PackageFormatException(
                    "PM2007", $"path {Shown.Quote(entry.Path)} stands twice, or not in the order of bytes", place);
            }

            entries.Add(entry);
            document = document[(end + 1)..];
        }

        return new Modes([.. entries]);
    }

    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        foreach (var entry in _entries)
        {
            ModeLine.Append(text, entry);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
