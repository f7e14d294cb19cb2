using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Codecs;

namespace Pm.Packages.Index;

/// <summary>
/// What one remote offers, in a file that is looked into without being read: names by halving, words by what three letters
/// they have. Nothing here costs more for more names but what is found. Source: docs/formats/index.md.
/// </summary>
/// <remarks>The bytes may be a mapped file: they must stay as long as this is used.</remarks>
public sealed partial class RepositoryIndex
{
    readonly ReadOnlyMemory<byte> _bytes;
    readonly (int Offset, int Length)[] _sections;
    readonly string _where;
    readonly int _headOffset;
    readonly int _headLength;
    IndexHead? _head;

    RepositoryIndex(ReadOnlyMemory<byte> bytes, string where)
    {
        (_bytes, _where) = (bytes, where);
        var file = bytes.Span;
        if (file.Length < IndexFormat.Magic.Length + IndexFormat.TrailerSize
            || !file.StartsWith(IndexFormat.Magic) || !file.EndsWith(IndexFormat.Magic))
        {
            throw Damaged("it is not a whole index");
        }

        var trailer = new IndexReader(file[^IndexFormat.TrailerSize..], where);
        var (offset, length, checksum, version) = (trailer.UInt32(), trailer.UInt32(), trailer.UInt32(), trailer.UInt32());
        if (version != IndexFormat.Version)
        {
            throw new PackageFormatException(
                "PM2018", $"expected an index of format {IndexFormat.Version}, got {version}: another version of pm wrote it", where, "pm pull");
        }

        if (offset + (ulong)length + IndexFormat.TrailerSize != (ulong)file.Length)
        {
            throw Damaged("its parts do not fill it");
        }

        (_headOffset, _headLength) = ((int)offset, (int)length);
        if (IndexFormat.Checksum(Head) != checksum)
        {
            throw Damaged("the checksum of its head is wrong");
        }

        _sections = ReadSections();
        NameCount = Entries(IndexSection.Names, IndexFormat.NameEntrySize) - 1;
        VersionCount = Entries(IndexSection.Versions, IndexFormat.VersionEntrySize) - 1;
        if (NameCount < 0 || VersionCount < 0)
        {
            throw Damaged("a table has no end");
        }
    }

    /// <summary>How many different names there are.</summary>
    public int NameCount { get; }

    /// <summary>How many versions of all names there are.</summary>
    public int VersionCount { get; }

    /// <summary>What it was made from.</summary>
    public IndexHead MadeFrom => _head ??= ReadHead();

    /// <summary>Looks at an index. Only its head is read, whatever its size.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="where">Its path, for messages.</param>
    /// <exception cref="PackageFormatException">PM2018: it is damaged, or of another version of pm.</exception>
    public static RepositoryIndex Open(ReadOnlyMemory<byte> bytes, string where = "index") => new(bytes, where);

    /// <summary>An index in memory.</summary>
    /// <exception cref="PackageFormatException">PM2015: one version stands there twice.</exception>
    public static RepositoryIndex Of(IEnumerable<AvailablePackage> packages)
    {
        var builder = new IndexBuilder();
        foreach (var package in AvailableDocument.Of(packages).Packages)
        {
            builder.Add(new IndexedPackage(new PublishedTarget(package)));
        }

        using var stream = new MemoryStream();
        builder.Write(stream, IndexHead.OfNobody);
        return Open(stream.ToArray());
    }

    /// <summary>All versions of a name, newest first, yanked ones too; none where the name is not there.</summary>
    /// <exception cref="PackageFormatException">PM2018: what it says of the name is damaged.</exception>
    public ImmutableArray<IndexedPackage> Versions(PackageName name)
    {
        if (Find(name) is not { } number)
        {
            return [];
        }

        var (first, end) = VersionsOf(number);
        var versions = ImmutableArray.CreateBuilder<IndexedPackage>(end - first);
        for (var version = first; version < end; version++)
        {
            versions.Add(Read(number, name, version));
        }

        return versions.MoveToImmutable();
    }

    /// <summary>One version, yanked or not; null where it is not there.</summary>
    /// <exception cref="PackageFormatException">PM2018: what it says of the name is damaged.</exception>
    public IndexedPackage? Find(PackageId id) =>
        Offered(id.Name) is { } offered && offered.IndexOf(id.Version) is var at and >= 0 ? offered.Indexed(at) : null;

    /// <summary>The versions of a name, to be looked at one by one; null where the name is not there.</summary>
    /// <param name="name">Which.</param>
    /// <param name="remote">What is said of them to be the remote; null: nothing.</param>
    /// <exception cref="PackageFormatException">PM2018: what it says of the name is damaged.</exception>
    public OfferedVersions? Offered(PackageName name, string? remote = null) =>
        Find(name) is { } number ? new OfferedVersions(this, name, number, remote) : null;

    /// <summary>The newest release that is not yanked, or the newest pre-release when there is none; null when all are yanked.</summary>
    /// <exception cref="PackageFormatException">PM2018: what it says of the name is damaged.</exception>
    public IndexedPackage? Newest(PackageName name) => Find(name) is { } number ? Newest(number, name) : null;

    public bool Has(PackageName name) => Find(name) is not null;

    /// <summary>The names that begin with <paramref name="prefix"/>, sorted.</summary>
    public IEnumerable<PackageName> StartingWith(string prefix)
    {
        var start = Encoding.UTF8.GetBytes(prefix);
        for (var number = LowerBound(start); number < NameCount && NameText(number).StartsWith(start); number++)
        {
            yield return NameOf(number);
        }
    }

    /// <summary>Reads all of it, as who takes it over does anyhow.</summary>
    /// <exception cref="PackageFormatException">PM2018: a part has another checksum than was written.</exception>
    public void RequireWhole()
    {
        for (var section = 0; section < IndexFormat.SectionCount; section++)
        {
            var checksum = new IndexReader(Head[((section * IndexFormat.SectionEntrySize) + (2 * sizeof(uint)))..], _where).UInt32();
            if (IndexFormat.Checksum(Section((IndexSection)section)) != checksum)
            {
                throw Damaged($"the checksum of its {(IndexSection)section} is wrong");
            }
        }
    }

    internal string Where => _where;

    internal ReadOnlySpan<byte> NameText(int number) => Between(
        IndexSection.NameTexts, NameField(number, 0), NameField(number + 1, 0), "a name");

    internal PackageName NameOf(int number) => PackageName.TryParse(Encoding.UTF8.GetString(NameText(number)), out var name)
        ? name
        : throw Damaged("a name is none");

    internal (int First, int End) VersionsOf(int number)
    {
        var (first, end) = (NameField(number, 1), NameField(number + 1, 1));
        return first < end && end <= (uint)VersionCount ? ((int)first, (int)end) : throw Damaged("a name has no versions");
    }

    /// <summary>Which version of a name is the newest; null: all are yanked.</summary>
    internal int? NewestOf(int number)
    {
        var newest = NameField(number, 2);
        var (first, end) = VersionsOf(number);
        return newest == IndexFormat.None ? null
            : newest >= (uint)first && newest < (uint)end ? (int)newest
            : throw Damaged("the newest version of a name is another's");
    }

    internal IndexReader WordsOf(int number) => new(Between(
        IndexSection.Words, NameField(number, 3), NameField(number + 1, 3), "the words of a name"), _where);

    internal ReadOnlySpan<byte> RecordOf(int version) => Between(
        IndexSection.Records, VersionField(version, 0), VersionField(version + 1, 0), "a version");

    internal ReadOnlyMemory<byte> RecordMemory(int version)
    {
        var length = RecordOf(version).Length;
        return _bytes.Slice(_sections[(int)IndexSection.Records].Offset + (int)VersionField(version, 0), length);
    }

    internal int SourceOf(int version) =>
        VersionField(version, 1) is var source && source < (uint)MadeFrom.Sources.Length ? (int)source : throw Damaged("a version has no source");

    internal IndexedPackage Read(int number, PackageName name, int version) =>
        PackageRecord.Read(name, NameText(number), RecordOf(version), _where) with { Source = SourceOf(version) };

    internal VersionStanding StandingOf(int number, PackageName name, int version) =>
        PackageRecord.Standing(WholeRecord(number, name, version), _where);

    internal OfferedNeeds NeedsOf(int number, PackageName name, int version) =>
        PackageRecord.Needs(WholeRecord(number, name, version), _where);

    internal PackageVersion VersionOf(int number, PackageName name, int version) =>
        PackageRecord.Version(WholeRecord(number, name, version), _where);

    internal IndexedPackage? Newest(int number, PackageName name) => NewestOf(number) is { } version ? Read(number, name, version) : null;

    internal int? Find(PackageName name)
    {
        var text = Encoding.UTF8.GetBytes(name.Text);
        var number = LowerBound(text);
        return number < NameCount && NameText(number).SequenceEqual(text) ? number : null;
    }

    ReadOnlySpan<byte> WholeRecord(int number, PackageName name, int version)
    {
        var record = RecordOf(version);
        PackageRecord.RequireWhole(name, NameText(number), record, _where);
        return record;
    }

    /// <summary>The first name that is not before <paramref name="text"/>.</summary>
    int LowerBound(ReadOnlySpan<byte> text, int from = 0)
    {
        var (low, high) = (from, NameCount);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (NameText(middle).SequenceCompareTo(text) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    ReadOnlySpan<byte> Head => _bytes.Span.Slice(_headOffset, _headLength);

    ReadOnlySpan<byte> Section(IndexSection section) =>
        _bytes.Span.Slice(_sections[(int)section].Offset, _sections[(int)section].Length);

    ReadOnlySpan<byte> Between(IndexSection section, uint start, uint end, string what) =>
        start <= end && end <= (uint)_sections[(int)section].Length
            ? Section(section)[(int)start..(int)end]
            : throw Damaged($"{what} lies outside");

    uint NameField(int number, int field) => Field(IndexSection.Names, number, IndexFormat.NameEntrySize, field);

    uint VersionField(int version, int field) => Field(IndexSection.Versions, version, IndexFormat.VersionEntrySize, field);

    uint Field(IndexSection table, int row, int size, int field) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Section(table)[((row * size) + (field * sizeof(uint)))..]);

    int Entries(IndexSection table, int size) => _sections[(int)table].Length % size == 0
        ? _sections[(int)table].Length / size
        : throw Damaged("a table has half an entry");

    (int Offset, int Length)[] ReadSections()
    {
        var head = new IndexReader(Head, _where);
        var sections = new (int, int)[IndexFormat.SectionCount];
        foreach (ref var section in sections.AsSpan())
        {
            var (offset, length, _) = (head.UInt32(), head.UInt32(), head.UInt32());
            section = offset + (ulong)length <= (uint)_headOffset ? ((int)offset, (int)length) : throw Damaged("a part lies outside");
        }

        return sections;
    }

    IndexHead ReadHead()
    {
        var head = new IndexReader(Head[(IndexFormat.SectionCount * IndexFormat.SectionEntrySize)..], _where);
        var flags = head.Byte();
        var keys = new Sha256Digest(head.Bytes(Sha256Digest.Size));
        var delegations = new Sha256Digest(head.Bytes(Sha256Digest.Size));
        var sources = new IndexSource[head.Count()];
        for (var i = 0; i < sources.Length; i++)
        {
            var (name, version, expires) = (head.String(), head.Int64(), head.Int64());
            sources[i] = new IndexSource(name, version, expires <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds(expires)
                : throw Damaged("a time is none"));
        }

        return new IndexHead
        {
            Sources = ImmutableCollectionsMarshal.AsImmutableArray(sources),
            Keys = keys,
            Delegations = delegations,
            AreSourcesDisjoint = (flags & IndexFormat.DisjointFlag) != 0,
            IsConsistentSnapshot = (flags & IndexFormat.ConsistentFlag) != 0,
        };
    }

    PackageFormatException Damaged(string what) => IndexReader.Damaged(_where, what);
}
