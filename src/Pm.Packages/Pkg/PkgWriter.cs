using System.Buffers;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages.Tar;

namespace Pm.Packages.Pkg;

/// <summary>Writes a package as <c>.pkg</c>: the same package and options give the same bytes.</summary>
/// <remarks>Source: docs/formats/pkg.md.</remarks>
public static class PkgWriter
{
    const int HookMode = PackageEntry.DirectoryMode;

    /// <param name="target">Gets the archive, from its position on.</param>
    /// <param name="scratch">Readable, writable, seekable: keeps the compressed root.tar until its digest is known.</param>
    /// <param name="package">What is written.</param>
    /// <param name="openBlob">The content of a file; its <see cref="Stream.Length"/> must be known. What it yields is verified.</param>
    /// <param name="options">Compression, signature; null: zstd, unsigned.</param>
    /// <exception cref="BlobMismatchException">A content is not what the package names.</exception>
    public static PkgWritten Write(
        Stream target, Stream scratch, Package package, Func<MerkleRoot, Stream> openBlob, PkgWriteOptions? options = null)
    {
        options ??= PkgWriteOptions.Default;
        var rootStart = scratch.Position;
        var (rootDigest, bom) = WriteRoot(scratch, package, openBlob, options);
        var rootSize = scratch.Position - rootStart;
        var rootName = PkgNames.RootName(options.Compression);
        var (members, manifest, signature) = Describe(package, bom, rootName, rootDigest, options);
        signature ??= options.Sign?.Invoke(manifest);

        var tar = new TarWriter(target);
        tar.WriteFile(PkgNames.Manifest, PackageEntry.FileMode, manifest);
        if (signature is { } asc)
        {
            tar.WriteFile(PkgNames.Signature, PackageEntry.FileMode, asc.Span);
        }

        WriteMembers(tar, members);
        scratch.Position = rootStart;
        tar.WriteFile(rootName, PackageEntry.FileMode, rootSize, new RegionStream(scratch, rootStart, rootSize));
        tar.Finish();
        return new PkgWritten(manifest, signature, rootSize);
    }

    /// <summary>The members but root.tar, bom, manifest and hash: <c>meta.yaml</c>, <c>bin/…</c> and what cannot be derived.</summary>
    public static IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> MembersOf(Package package) =>
        Members(package).Where(m => m.Name != PkgNames.Hash);

    // What is rebuilt to the same bytes as the publisher's needs no word about it: its manifest is the publisher's.
    static (List<(string Name, ReadOnlyMemory<byte> Content)> Members, byte[] Manifest, ReadOnlyMemory<byte>? Signature)
        Describe(Package package, byte[] bom, string rootName, Sha256Digest rootDigest, PkgWriteOptions options)
    {
        var members = Members(package);
        members.Add((PkgNames.Bom, bom));
        var manifest = Manifest(members, rootName, rootDigest);
        if (options.OriginManifest is not { } origin)
        {
            return (members, manifest, null);
        }

        if (origin.Span.SequenceEqual(manifest))
        {
            return (members, manifest, options.OriginSignature);
        }

        if (options.OriginSignature is { } asc)
        {
            members.Insert(0, (PkgNames.OriginSignature, asc));
        }

        members.Insert(0, (PkgNames.Origin, origin));
        return (members, Manifest(members, rootName, rootDigest), null);
    }

    static void WriteMembers(TarWriter tar, List<(string Name, ReadOnlyMemory<byte> Content)> members)
    {
        var hasFolder = false;
        foreach (var (name, content) in members)
        {
            var isHook = name.StartsWith(PkgNames.HookFolder + "/", StringComparison.Ordinal);
            if (isHook && !hasFolder)
            {
                // The original's client makes the folder only when an entry says so.
                tar.WriteDirectory(PkgNames.HookFolder);
                hasFolder = true;
            }

            tar.WriteFile(name, isHook ? HookMode : PackageEntry.FileMode, content.Span);
        }
    }

    // In the order in which they are written: what lets a stream be judged comes before what it carries.
    static List<(string Name, ReadOnlyMemory<byte> Content)> Members(Package package)
    {
        var members = new List<(string, ReadOnlyMemory<byte>)>();
        members.Add((PkgNames.Hash, PkgManifest.HashFile(package.Hash)));
        members.Add((PkgNames.Description, Description(package)));
        var meta = MetaMembers(package);
        members.AddRange(meta.Where(m => m.Name.StartsWith(PkgNames.HookFolder + "/", StringComparison.Ordinal)));
        members.AddRange(meta.Where(m => m.Name.StartsWith(PkgNames.MetaFolder + "/", StringComparison.Ordinal)));
        return members;
    }

    static ReadOnlyMemory<byte> Description(Package package) =>
        package.MetaFiles.TryGetValue(Package.DescriptionName, out var yaml)
            ? yaml
            : new PackageDescription
            {
                Name = package.Id.Name,
                Version = package.Id.Version,
                Description = package.Id.Name.Text,
            }.ToBytes();

    // What a reader would derive by itself is left out; anything else is a member, byte for byte.
    static List<(string Name, ReadOnlyMemory<byte> Content)> MetaMembers(Package package)
    {
        var derived = Derived(package);
        var isIdentityDerived = package.Description is not null && IsSame(package, derived, Package.IdentityName);
        var members = new List<(string, ReadOnlyMemory<byte>)>();
        foreach (var (name, content) in package.MetaFiles.OrderBy(f => f.Key, PathOrder.Bytes))
        {
            var isDerived = name switch
            {
                Package.IdentityName => isIdentityDerived,
                Package.DescriptionName => isIdentityDerived,
                Package.ContentsName or Package.ModesName => IsSame(package, derived, name),
                _ => false,
            };
            if (!isDerived)
            {
                members.Add((MemberName(name), content));
            }
        }

        return members;
    }

    static string MemberName(string metaName) =>
        metaName.StartsWith(HookNames.Folder, StringComparison.Ordinal)
        && HookNames.TryParse(metaName[HookNames.Folder.Length..], out _)
            ? metaName[(PkgNames.MetaFolder.Length + 1)..]
            : metaName;

    static bool IsSame(Package package, Package derived, string name) =>
        derived.MetaFiles.TryGetValue(name, out var expected)
        && expected.Span.SequenceEqual(package.MetaFiles[name].Span);

    // As a reader of the root.tar that is written derives it: modes, but no owners and no capabilities.
    static Package Derived(Package package)
    {
        var builder = new PackageBuilder(package.Id) { KeepsSetId = true };
        foreach (var entry in package.Entries)
        {
            builder.Add(entry with { Owner = null, Group = null, Capabilities = null });
        }

        return builder.Build();
    }

    static byte[] Manifest(
        List<(string Name, ReadOnlyMemory<byte> Content)> members, string rootName, Sha256Digest rootDigest) =>
        ChecksumList.Of(members
            .Select(m => new ChecksumEntry(m.Name, Sha256Digest.Of(m.Content.Span)))
            .Append(new ChecksumEntry(rootName, rootDigest))
            .OrderBy(e => e.Name, PathOrder.Bytes)).ToBytes();

    static (Sha256Digest Digest, byte[] Bom) WriteRoot(
        Stream scratch, Package package, Func<MerkleRoot, Stream> openBlob, PkgWriteOptions options)
    {
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        using var hashed = new HashingStream(scratch, digest);
        byte[] bom;
        using (var packed = Compressor.Open(hashed, options.Compression, options.Level, leaveOpen: true))
        {
            bom = WriteEntries(new TarWriter(packed), package, openBlob);
        }

        return (hashed.Finish(), bom);
    }

    static byte[] WriteEntries(TarWriter tar, Package package, Func<MerkleRoot, Stream> openBlob)
    {
        var bom = new List<ChecksumEntry>();
        var folders = new HashSet<string>(StringComparer.Ordinal);
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        foreach (var entry in package.Entries)
        {
            WriteFolders(tar, entry.Path, folders);
            switch (entry.Kind)
            {
                case EntryKind.Directory:
                    tar.WriteDirectory(entry.Path, entry.Mode);
                    folders.Add(entry.Path);
                    break;
                case EntryKind.Symlink:
                    tar.WriteSymlink(entry.Path, entry.Target!);
                    bom.Add(new ChecksumEntry(entry.Path, Sha256Digest.Of([])));
                    break;
                default:
                    bom.Add(new ChecksumEntry(entry.Path, WriteBlob(tar, entry, openBlob, digest)));
                    break;
            }
        }

        tar.Finish();
        return ChecksumList.Of(bom).ToBytes();
    }

    // `tar -x` under a strict umask would make directories that nobody else may enter.
    static void WriteFolders(TarWriter tar, string path, HashSet<string> folders)
    {
        for (var slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (folders.Add(path[..slash]))
            {
                tar.WriteDirectory(path[..slash]);
            }
        }
    }

    static Sha256Digest WriteBlob(TarWriter tar, PackageEntry entry, Func<MerkleRoot, Stream> openBlob, DigestContext digest)
    {
        using var source = openBlob(entry.Root);
        var length = source.Length;
        using var content = new VerifiedStream(source, entry.Root, length, entry.Path, leaveOpen: true);
        tar.BeginFile(entry.Path, entry.Mode, length);
        digest.Restart();
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                tar.Append(buffer.AsSpan(0, count));
                digest.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Span<byte> sum = stackalloc byte[Sha256Digest.Size];
        digest.Finish(sum);
        return new Sha256Digest(sum);
    }
}
