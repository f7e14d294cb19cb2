using System.Buffers.Binary;
using System.Text;

namespace Pm.Packages.Index;

/// <summary>Writes an index, name after name in order: records go out at once, the tables follow at the end.</summary>
sealed class IndexWriter
{
    readonly Stream _target;
    readonly IndexBuffer _names = new();
    readonly IndexBuffer _nameTexts = new();
    readonly IndexBuffer _versions = new();
    readonly IndexBuffer _words = new();
    readonly TrigramBuilder _trigrams = new();
    readonly Dictionary<string, List<int>> _capabilities = new(StringComparer.Ordinal);
    readonly List<(long Offset, long Length)> _sections = [];
    long _written;
    int _nameCount;

    /// <param name="target">Buffered by the caller; only written to, from its start.</param>
    public IndexWriter(Stream target)
    {
        _target = target;
        Put(IndexFormat.Magic);
    }

    /// <summary>Adds a name that is after all before.</summary>
    /// <param name="name">Its text.</param>
    /// <param name="versions">Newest first: the records as <see cref="PackageRecord"/> writes them, and their sources.</param>
    /// <param name="newest">Which of them is the newest; null: all are yanked.</param>
    public void Add(ReadOnlySpan<byte> name, IReadOnlyList<(ReadOnlyMemory<byte> Record, int Source)> versions, (int At, AvailablePackage Package)? newest)
    {
        AddName(newest is { } found ? (uint)(VersionCount + found.At) : IndexFormat.None);
        _nameTexts.Add(name);
        foreach (var (record, source) in versions)
        {
            AddVersion(source);
            Put(record.Span);
        }

        if (newest is { Package: { } package })
        {
            var start = _words.Length;
            SearchText.Write(_words, package);
            SearchText.AddTo(_trigrams, _nameCount, name, new IndexReader(_words.Written[start..], "index"));
            foreach (var capability in package.Provides.Distinct(StringComparer.Ordinal))
            {
                (_capabilities.TryGetValue(capability, out var numbers) ? numbers : _capabilities[capability] = []).Add(_nameCount);
            }
        }

        _nameCount++;
    }

    /// <summary>Writes the tables and the head.</summary>
    public void Finish(IndexHead head)
    {
        EndSection(IndexFormat.Magic.Length);
        AddName(IndexFormat.None);
        AddVersion(0);
        PutSection(_names);
        PutSection(_nameTexts);
        PutSection(_versions);
        PutSection(_words);
        var (table, data) = (new IndexBuffer(), new IndexBuffer());
        WriteCapabilities(table, data);
        PutSection(table);
        PutSection(data);
        (table, data) = (new IndexBuffer(), new IndexBuffer());
        _trigrams.Write(table, data);
        PutSection(table);
        PutSection(data);
        PutHead(head);
    }

    int VersionCount => _versions.Length / IndexFormat.VersionEntrySize;

    void AddName(uint newest)
    {
        _names.AddUInt32((uint)_nameTexts.Length);
        _names.AddUInt32((uint)VersionCount);
        _names.AddUInt32(newest);
        _names.AddUInt32((uint)_words.Length);
    }

    void AddVersion(int source)
    {
        _versions.AddUInt32((uint)(_written - IndexFormat.Magic.Length));
        _versions.AddUInt32((uint)source);
    }

    void WriteCapabilities(IndexBuffer table, IndexBuffer data)
    {
        // By UTF-8 bytes, as they are looked for: UTF-16 is sorted otherwise where surrogates are.
        var sorted = _capabilities.Select(pair => (Text: Encoding.UTF8.GetBytes(pair.Key), Numbers: pair.Value)).ToList();
        sorted.Sort(static (left, right) => left.Text.AsSpan().SequenceCompareTo(right.Text));
        foreach (var (capability, numbers) in sorted)
        {
            table.AddUInt32((uint)data.Length);
            data.AddText(capability);
            data.AddVarint((uint)numbers.Count);
            var next = 0;
            foreach (var number in numbers)
            {
                data.AddVarint((uint)(number - next));
                next = number + 1;
            }
        }
    }

    void PutHead(IndexHead head)
    {
        var bytes = new IndexBuffer();
        foreach (var (offset, length) in _sections)
        {
            bytes.AddUInt32((uint)offset);
            bytes.AddUInt32((uint)length);
        }

        bytes.Add((byte)((head.IsConsistentSnapshot ? IndexFormat.ConsistentFlag : 0) | (head.AreSourcesDisjoint ? IndexFormat.DisjointFlag : 0)));
        bytes.Add(head.Keys.Bytes);
        bytes.Add(head.Delegations.Bytes);
        bytes.AddVarint((uint)head.Sources.Length);
        foreach (var source in head.Sources)
        {
            bytes.AddText(source.Name);
            bytes.AddVarint(checked((ulong)source.Version));
            bytes.AddVarint((ulong)Math.Max(0, source.Expires.ToUnixTimeSeconds()));
        }

        var start = _written;
        Put(bytes.Written);
        Span<byte> trailer = stackalloc byte[IndexFormat.TrailerSize];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, (uint)start);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[8..], IndexFormat.Checksum(bytes.Written));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[12..], IndexFormat.Version);
        IndexFormat.Magic.CopyTo(trailer[16..]);
        Put(trailer);
    }

    void PutSection(IndexBuffer section)
    {
        var start = _written;
        Put(section.Written);
        EndSection(start);
    }

    void EndSection(long start) => _sections.Add((start, _written - start));

    void Put(ReadOnlySpan<byte> bytes)
    {
        if (_written + bytes.Length > IndexFormat.MaximumSize)
        {
            throw new PackageFormatException("PM2018", $"the index would have more than {IndexFormat.MaximumSize} bytes: the remote offers too much");
        }

        _target.Write(bytes);
        _written += bytes.Length;
    }
}
