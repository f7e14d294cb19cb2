using Pm.Blobs;

namespace Pm.Packages.Far;

/// <summary>
/// A <c>.far</c>: a FAR of <c>meta.far</c> and each blob of the package under its Merkle root, too large for memory.
/// Its signature lies beside it: <c>X.far.manifest.sha256</c> and <c>X.far.manifest.sha256.asc</c>.
/// </summary>
/// <remarks>Source: docs/formats/far-archive.md; Fuchsia pm, "archive" and "expand".</remarks>
public sealed class FarArchive : IDisposable
{
    public const string MetaName = "meta.far";

    /// <summary>What the sidecar with the publisher's manifest is named after the archive.</summary>
    public const string ManifestSuffix = ".manifest.sha256";

    /// <summary>What the sidecar with the publisher's signature is named after the archive.</summary>
    public const string SignatureSuffix = ".manifest.sha256.asc";

    readonly Stream _source;
    readonly Dictionary<MerkleRoot, FarEntry> _blobs = [];

    FarArchive(Stream source, string name)
    {
        _source = source;
        Name = name;
        var directory = ReadDirectory(source, name);
        CheckPadding(directory);
        Package = Package.Open(ReadMeta(directory));
        Index(directory);
    }

    /// <summary>The archive in messages.</summary>
    public string Name { get; }

    public Package Package { get; }

    /// <summary>The roots of all blobs with their lengths in bytes, sorted.</summary>
    public IEnumerable<(MerkleRoot Root, long Length)> Blobs =>
        _blobs.Select(b => (b.Key, b.Value.Length)).OrderBy(b => b.Key.ToString(), StringComparer.Ordinal);

    /// <param name="source">Seekable, the archive and nothing else; disposed with this.</param>
    /// <param name="name">The archive in messages.</param>
    /// <exception cref="PackageFormatException">PM2010: not a FAR; PM2305: not the archive of one whole package.</exception>
    public static FarArchive Open(Stream source, string name) => new(source, name);

    /// <summary>The content of a blob, verified while it is read.</summary>
    /// <exception cref="KeyNotFoundException">The package has no such blob.</exception>
    public Stream OpenBlob(MerkleRoot root)
    {
        var entry = _blobs[root];
        return new VerifiedStream(
            new RegionStream(_source, entry.Offset, entry.Length), root, entry.Length, $"{Name}: {entry.Name}");
    }

    /// <summary>Writes all blobs into <paramref name="sink"/>, once as executable and once as not where both are needed.</summary>
    /// <exception cref="BlobMismatchException">A blob is not what its name says.</exception>
    public Package Expand(IBlobSink sink)
    {
        var wanted = Package.Entries.Where(e => e.Kind == EntryKind.File).Select(e => (e.Root, e.IsExecutable)).Distinct();
        foreach (var (root, isExecutable) in wanted)
        {
            using var content = OpenBlob(root);
            using var writer = sink.Create(isExecutable);
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(1 << 17);
            try
            {
                for (int count; (count = content.Read(buffer)) > 0;)
                {
                    writer.Append(buffer.AsSpan(0, count));
                }
            }
            finally
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }

            writer.Commit();
        }

        return Package;
    }

    /// <summary>Writes the archive of <paramref name="package"/>: the same package gives the same bytes.</summary>
    /// <param name="target">Gets the archive, from its position on.</param>
    /// <param name="package">What is written.</param>
    /// <param name="openBlob">The content of a file; its <see cref="Stream.Length"/> must be known. What it yields is verified.</param>
    /// <exception cref="BlobMismatchException">A content is not what the package names.</exception>
    public static void Write(Stream target, Package package, Func<MerkleRoot, Stream> openBlob)
    {
        var roots = package.Entries.Where(e => e.Kind == EntryKind.File).Select(e => e.Root).Distinct()
            .Select(r => (Name: r.ToString(), Root: r)).OrderBy(r => r.Name, StringComparer.Ordinal).ToArray();
        var files = new List<(string Name, long Length)>(roots.Length + 1);
        foreach (var (name, root) in roots)
        {
            using var blob = openBlob(root);
            files.Add((name, blob.Length));
        }

        // "meta.far" sorts behind every hexadecimal digit.
        files.Add((MetaName, package.MetaFar.Length));
        target.Write(FarWriter.Head(files, out _));
        foreach (var (name, root) in roots)
        {
            using var source = openBlob(root);
            using var blob = new VerifiedStream(source, root, source.Length, name, leaveOpen: true);
            var length = source.Length;
            blob.CopyTo(target);
            Pad(target, length);
        }

        target.Write(package.MetaFar.Span);
        Pad(target, package.MetaFar.Length);
    }

    /// <summary>Where each file of any FAR lies; its padding is not looked at.</summary>
    /// <exception cref="PackageFormatException">PM2010: not a FAR.</exception>
    public static FarDirectory ReadDirectory(Stream source, string name)
    {
        var length = source.Length;
        var header = ReadHead(source, (int)Math.Min(length, FarFormat.HeaderSize));
        var index = ReadHead(source, (int)Math.Min(length, FarDirectory.MeasureIndex(header, name)));
        var head = ReadHead(source, (int)Math.Min(length, FarDirectory.MeasureHead(index, length, name)));
        return FarDirectory.Parse(head, length, name);
    }

    public void Dispose() => _source.Dispose();

    static void Pad(Stream target, long length) => target.Write(new byte[FarWriter.PaddedLength(length) - length]);

    static byte[] ReadHead(Stream source, int count)
    {
        var head = new byte[count];
        source.Position = 0;
        source.ReadExactly(head);
        return head;
    }

    void CheckPadding(FarDirectory directory)
    {
        var buffer = new byte[FarFormat.ContentAlignment];
        foreach (var (offset, length) in directory.Padding)
        {
            for (var done = 0L; done < length;)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done));
                _source.Position = offset + done;
                _source.ReadExactly(part);
                done += part.Length;
                if (part.ContainsAnyExcept((byte)0))
                {
                    throw Fault($"the padding at {offset} is not zero");
                }
            }
        }
    }

    byte[] ReadMeta(FarDirectory directory)
    {
        var entry = directory.Entries.FirstOrDefault(e => e.Name == MetaName);
        if (entry.Name is null)
        {
            throw Fault($"it holds no `{MetaName}`");
        }

        if (entry.Length > Package.MaximumSize)
        {
            throw ArchiveFault.BeyondLimit($"{Name}: {MetaName}", "bytes", entry.Length, Package.MaximumSize);
        }

        var bytes = new byte[entry.Length];
        _source.Position = entry.Offset;
        _source.ReadExactly(bytes);
        return bytes;
    }

    // Every blob of the package and nothing else.
    void Index(FarDirectory directory)
    {
        foreach (var entry in directory.Entries.Where(e => e.Name != MetaName))
        {
            // In one spelling only, so that no blob stands there twice.
            if (!MerkleRoot.TryParse(entry.Name, null, out var root) || root.ToString() != entry.Name)
            {
                throw Fault($"package contains invalid name: `{PathText.Show(entry.Name)}`");
            }

            _blobs.Add(root, entry);
        }

        var needed = Package.Entries.Where(e => e.Kind == EntryKind.File).Select(e => e.Root).ToHashSet();
        foreach (var root in needed)
        {
            if (!_blobs.ContainsKey(root))
            {
                throw Fault($"the blob {root} of the package is missing");
            }
        }

        if (_blobs.Count != needed.Count)
        {
            throw Fault($"the blob {_blobs.Keys.First(r => !needed.Contains(r))} is none of the package");
        }
    }

    PackageFormatException Fault(string message) => new("PM2305", message, Name);
}
