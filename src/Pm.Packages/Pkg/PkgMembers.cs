using Pm.Codecs;
using Pm.Packages.Tar;

namespace Pm.Packages.Pkg;

/// <summary>Reads the outer archive of a <c>.pkg</c>: small members into memory, <c>root.tar</c> by its place.</summary>
sealed class PkgMembers
{
    const int FirstRead = 1 << 20;
    const long Growth = 4;

    readonly PkgLimits _limits;
    readonly string _name;
    readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    readonly List<PkgMember> _files = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    long _metaBytes;

    PkgMembers(PkgLimits limits, string name)
    {
        _limits = limits;
        _name = name;
    }

    public IReadOnlyList<PkgMember> Files => _files;

    public PkgMember Root { get; private set; }

    public IReadOnlyDictionary<string, byte[]> Contents => _contents;

    public static PkgMembers Read(Stream source, PkgLimits limits, string name)
    {
        RefuseCompressed(source, name);
        var members = new PkgMembers(limits, name);
        var start = source.Position;
        var reader = new TarReader(source, Outer(limits), name);
        while (reader.Next() is { } entry)
        {
            members.Add(entry, reader, start);
        }

        return members;
    }

    /// <summary>Reads as far as root.tar, whose content is then at hand in <paramref name="reader"/>.</summary>
    /// <param name="source">Forward only.</param>
    /// <param name="limits">What the archive may ask for.</param>
    /// <param name="name">The archive in messages.</param>
    /// <param name="reader">At the content of root.tar.</param>
    public static PkgMembers ReadToRoot(Stream source, PkgLimits limits, string name, out TarReader reader)
    {
        var peeked = new PeekedStream(source, CompressionFormat.HeadSize);
        RefuseCompressed(peeked.Head, name);
        var members = new PkgMembers(limits, name);
        reader = new TarReader(peeked, Outer(limits), name);
        while (members.Root.Name is null && reader.Next() is { } entry)
        {
            members.Add(entry, reader, start: 0);
        }

        return members;
    }

    public bool Contains(string name) => _names.Contains(name);

    public byte[] Required(string name) => _contents.TryGetValue(name, out var content)
        ? content
        : throw PkgFault.Structure(_name, $"the member `{name}` is missing");

    static TarLimits Outer(PkgLimits limits) =>
        limits.Root with { MaximumEntries = limits.MaximumMembers, RefusesTrailingData = true };

    static void RefuseCompressed(Stream source, string name)
    {
        Span<byte> head = stackalloc byte[CompressionFormat.HeadSize];
        var count = source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        source.Position -= count;
        RefuseCompressed(head[..count], name);
    }

    static void RefuseCompressed(ReadOnlySpan<byte> head, string name)
    {
        if (CompressionFormat.Detect(head) is not Compression.None and var compression)
        {
            throw PkgFault.Structure(name, $"expected an uncompressed tar archive, got one in {compression}");
        }
    }

    void Add(TarEntry entry, TarReader reader, long start)
    {
        var name = PkgNames.Plain(entry.Path);
        var where = $"{_name}: {PathText.Show(name)}";
        if (entry.Kind == TarEntryKind.Directory)
        {
            if (!PkgNames.IsKnownDirectory(name))
            {
                throw PkgFault.Structure(where, "only the directories `bin` and `meta` may be in a package");
            }

            return;
        }

        if (entry.Kind != TarEntryKind.File || entry.IsSparse)
        {
            throw PkgFault.Structure(where, "expected a plain file, got a link or something else");
        }

        if (!PkgNames.IsKnownFile(name))
        {
            throw PkgFault.Structure(where, "the member is not one that a package has");
        }

        PackagePath.Check(name, _name);
        if (!_names.Add(name))
        {
            throw PkgFault.Structure(where, "the member is there twice");
        }

        Keep(new PkgMember(name, start + reader.DataOffset, entry.Size), reader.Data, where);
    }

    void Keep(PkgMember member, Stream data, string where)
    {
        _files.Add(member);
        if (PkgNames.IsRoot(member.Name))
        {
            Root = Root.Name is null ? member : throw PkgFault.Structure(where, $"`{Root.Name}` is there too");
            return;
        }

        _metaBytes += member.Size;
        if (_metaBytes > _limits.MaximumMetaBytes || member.Size > int.MaxValue)
        {
            throw ArchiveFault.BeyondLimit(where, "bytes of members beside root.tar", _metaBytes, _limits.MaximumMetaBytes);
        }

        if (member.Name == PkgNames.Manifest && member.Size > _limits.MaximumManifestBytes)
        {
            throw ArchiveFault.BeyondLimit(where, "bytes of the list of members", member.Size, _limits.MaximumManifestBytes);
        }

        _contents.Add(member.Name, ReadAll(data, (int)member.Size));
    }

    /// <summary>Memory grows with what is there, since nothing vouches for the announced size, and ends as what is kept: all of it may be unsigned.</summary>
    static byte[] ReadAll(Stream data, int size)
    {
        var content = new byte[Math.Min(size, FirstRead)];
        for (var count = 0; count < size;)
        {
            if (count == content.Length)
            {
                Array.Resize(ref content, (int)Math.Min(size, Growth * count));
            }

            var read = content.Length - count;
            data.ReadExactly(content.AsSpan(count, read));
            count += read;
        }

        return content;
    }
}
