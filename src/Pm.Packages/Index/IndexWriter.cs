using System.Buffers.Binary;

namespace Pm.Packages.Index;

/// <summary>Writes an index, name after name in order: records go out at once, the tables follow at the end.</summary>
sealed class IndexWriter
{
    readonly Stream _target;
    readonly IndexBuffer _names = new();
    readonly ChunkedBytes _nameTexts = new();
    readonly IndexBuffer _versions = new();
    readonly ChunkedBytes _words = new();
    readonly IndexBuffer _scratch = new();
    readonly TrigramBuilder _trigrams = new();
    readonly CapabilityTable _capabilities;
    readonly List<(long Offset, long Length, uint Checksum)> _sections = [];
    long _written;
    uint _checksum = IndexFormat.EmptyChecksum;
    int _nameCount;

    /// <param name="target">Buffered by the caller; only written to, from its start.</param>
    /// <param name="old">The index that names are taken over from; null: there is none.</param>
    public IndexWriter(Stream target, RepositoryIndex? old)
    {
        _target = target;
        _capabilities = new CapabilityTable(old);
        Put(IndexFormat.Magic);
        _checksum = IndexFormat.EmptyChecksum;
    }

    /// <summary>Adds a name that is after all before.</summary>
    /// <param name="name">Its text.</param>
    /// <param name="versions">Newest first: the records as <see cref="PackageRecord"/> writes them, and their sources.</param>
    /// <param name="newest">Which of them is the newest; null: all are yanked.</param>
    public void Add(ReadOnlySpan<byte> name, IReadOnlyList<(ReadOnlyMemory<byte> Record, int Source)> versions, (int At, AvailablePackage Package)? newest)
    {
        AddName(newest?.At);
        _nameTexts.Add(name);
        foreach (var (record, source) in versions)
        {
            AddVersion(source);
            Put(record.Span);
        }

        if (newest is { Package: { } package })
        {
            _scratch.Clear();
            SearchText.Write(_scratch, package);
            AddWords(name, _scratch.Written);
            _capabilities.Add(package.Provides, _nameCount);
        }

        _nameCount++;
    }

    /// <summary>Takes over a name of the old index with all its versions, as they stand there.</summary>
    /// <param name="old">The old index.</param>
    /// <param name="number">Of the name there; it is after all before.</param>
    /// <param name="sourceOf">What a source of the old index is now.</param>
    public void TakeOver(RepositoryIndex old, int number, Func<int, int> sourceOf)
    {
        var (first, end) = old.VersionsOf(number);
        var newest = old.NewestOf(number);
        AddName(newest - first);
        _nameTexts.Add(old.NameText(number));
        for (var version = first; version < end; version++)
        {
            AddVersion(sourceOf(old.SourceOf(version)));
            Put(old.RecordOf(version));
        }

        if (newest is not null)
        {
            AddWords(old.NameText(number), old.WordsOf(number).Rest);
            _capabilities.TakeOver(number, _nameCount);
        }

        _nameCount++;
    }

    /// <summary>Writes the tables and the head.</summary>
    public void Finish(IndexHead head)
    {
        EndSection(IndexFormat.Magic.Length);
        AddName(null);
        AddVersion(0);
        PutSection(_names);
        PutSection(_nameTexts);
        PutSection(_versions);
        PutSection(_words);
        var (table, data) = (new IndexBuffer(), new IndexBuffer());
        _capabilities.Write(table, data);
        PutSection(table);
        PutSection(data);
        PutSection(_trigrams.ToTable());
        var start = _written;
        foreach (var list in _trigrams.Lists())
        {
            Put(list.Span);
        }

        EndSection(start);
        PutHead(head);
    }

    int VersionCount => _versions.Length / IndexFormat.VersionEntrySize;

    void AddName(int? newest)
    {
        _names.AddUInt32((uint)_nameTexts.Length);
        _names.AddUInt32((uint)VersionCount);
        _names.AddUInt32(newest is { } at ? (uint)(VersionCount + at) : IndexFormat.None);
        _names.AddUInt32((uint)_words.Length);
    }

    void AddVersion(int source)
    {
        _versions.AddUInt32((uint)(_written - IndexFormat.Magic.Length));
        _versions.AddUInt32((uint)source);
    }

    void AddWords(ReadOnlySpan<byte> name, ReadOnlySpan<byte> words)
    {
        _words.Add(words);
        SearchText.AddTo(_trigrams, _nameCount, name, new IndexReader(words, "index"));
    }

    void PutHead(IndexHead head)
    {
        var bytes = new IndexBuffer();
        foreach (var (offset, length, checksum) in _sections)
        {
            bytes.AddUInt32((uint)offset);
            bytes.AddUInt32((uint)length);
            bytes.AddUInt32(checksum);
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

        PutTrailer(_written, bytes.Written);
    }

    void PutTrailer(long start, ReadOnlySpan<byte> head)
    {
        Put(head);
        Span<byte> trailer = stackalloc byte[IndexFormat.TrailerSize];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, (uint)start);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)head.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[8..], IndexFormat.Checksum(head));
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

    void PutSection(ChunkedBytes section)
    {
        var start = _written;
        foreach (var block in section.Blocks())
        {
            Put(block.Span);
        }

        EndSection(start);
    }

    void EndSection(long start)
    {
        _sections.Add((start, _written - start, ~_checksum));
        _checksum = IndexFormat.EmptyChecksum;
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        if (_written + bytes.Length > IndexFormat.MaximumSize)
        {
            throw new PackageFormatException("PM2018", $"the index would have more than {IndexFormat.MaximumSize} bytes: the remote offers too much");
        }

        _target.Write(bytes);
        _written += bytes.Length;
        _checksum = IndexFormat.Extend(_checksum, bytes);
    }
}
