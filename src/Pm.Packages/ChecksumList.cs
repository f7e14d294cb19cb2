using System.Text;
using Pm.Codecs;

namespace Pm.Packages;

/// <summary><c>bom.sha256</c> or <c>manifest.sha256</c>: a line of digest and name a file, in the order of the file.</summary>
/// <remarks>Source: docs/formats/checksums.md; mcquay pm (<c>hex TAB name</c>), sha256sum(1).</remarks>
public sealed class ChecksumList
{
    /// <summary>Longest list in bytes.</summary>
    public const int MaximumSize = 256 * 1024 * 1024;

    readonly Dictionary<string, int> _places;

    ChecksumList(ChecksumEntry[] entries, Dictionary<string, int> places) => (Entries, _places) = (entries, places);

    public IReadOnlyList<ChecksumEntry> Entries { get; }

    /// <exception cref="PackageFormatException">PM2014, PM2004: a name twice, or none that a package can hold.</exception>
    public static ChecksumList Of(IEnumerable<ChecksumEntry> entries)
    {
        var list = entries.ToArray();
        var places = new Dictionary<string, int>(list.Length, StringComparer.Ordinal);
        for (var i = 0; i < list.Length; i++)
        {
            PackagePath.Check(list[i].Name, "checksums");
            Place(places, list[i].Name, i, "checksums");
        }

        return new ChecksumList(list, places);
    }

    /// <summary>Reads <c>hex TAB name</c>, and sha256sum's <c>hex  name</c>, <c>hex *name</c> and <c>\hex  na\\me</c>; CRLF too.</summary>
    /// <exception cref="PackageFormatException">PM2014, PM2004: another line, a name twice or with a path trick.</exception>
    public static ChecksumList Parse(ReadOnlySpan<byte> document, string where)
    {
        if (document.Length > MaximumSize)
        {
            throw new PackageFormatException("PM2014", $"it has {document.Length} bytes, at most {MaximumSize} are read", where);
        }

        // Each line has more bytes than its digest has digits, whatever stands in it: a hostile list asks for no more than it is long.
        var lines = Math.Min(document.Count((byte)'\n') + 1, document.Length / (2 * Sha256Digest.Size));
        var entries = new List<ChecksumEntry>(lines);
        var places = new Dictionary<string, int>(lines, StringComparer.Ordinal);
        var number = 0;
        foreach (var range in document.Split((byte)'\n'))
        {
            number++;
            var line = document[range];
            line = line.EndsWith("\r"u8) ? line[..^1] : line;
            if (line.IsEmpty)
            {
                continue;
            }

            var entry = Line(line, $"{where}:{number}");
            Place(places, entry.Name, entries.Count, $"{where}:{number}");
            entries.Add(entry);
        }

        return new ChecksumList([.. entries], places);
    }

    /// <summary>The original's form: lower-case digits, TAB, name.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        foreach (var (name, digest) in Entries)
        {
            text.Append(digest.ToString()).Append('\t').Append(name).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public bool TryFind(string name, out Sha256Digest digest)
    {
        var found = _places.TryGetValue(name, out var place);
        digest = found ? Entries[place].Digest : default;
        return found;
    }

    static ChecksumEntry Line(ReadOnlySpan<byte> line, string where)
    {
        var isEscaped = line[0] == '\\';
        var rest = isEscaped ? line[1..] : line;
        var digits = 2 * Sha256Digest.Size;
        Span<byte> digest = stackalloc byte[Sha256Digest.Size];
        if (rest.Length <= digits || !HexText.TryDecode(rest[..digits], digest))
        {
            throw new PackageFormatException(
                "PM2014", $"line {Shown.Quote(line)}: expected 64 hexadecimal digits, a TAB and a name", where);
        }

        rest = rest[digits..];
        var separator = rest[0] == '\t' ? 1 : rest is [(byte)' ', (byte)' ' or (byte)'*', ..] ? 2 : 0;
        if (separator == 0)
        {
            throw new PackageFormatException(
                "PM2014", $"line {Shown.Quote(line)}: expected a TAB or two spaces behind the digest", where);
        }

        var name = Utf8Text.Decode(rest[separator..], "PM2014", where);
        name = isEscaped ? Unescape(name, where) : name;

        // As `find . -type f` and `sha256sum ./*` write names.
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        PackagePath.Check(name, where);
        return new ChecksumEntry(name, new Sha256Digest(digest));
    }

    /// <summary>sha256sum writes a backslash as <c>\\</c>; its <c>\n</c> and <c>\r</c> name files no package can hold.</summary>
    static string Unescape(string name, string where)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '\\')
            {
                i++;
                if (i == name.Length || name[i] is not ('\\' or 'n' or 'r'))
                {
                    throw new PackageFormatException("PM2014", $"name {Shown.Quote(name)}: expected \\\\, \\n or \\r", where);
                }

                text.Append(name[i] switch { 'n' => '\n', 'r' => '\r', _ => '\\' });
            }
            else
            {
                text.Append(name[i]);
            }
        }

        return text.ToString();
    }

    static void Place(Dictionary<string, int> places, string name, int place, string where)
    {
        if (!places.TryAdd(name, place))
        {
            throw new PackageFormatException("PM2014", $"name {Shown.Quote(name)} stands there twice", where);
        }
    }
}
