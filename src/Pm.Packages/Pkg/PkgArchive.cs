using System.Text;
using Pm.Blobs;
using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>
/// An opened <c>.pkg</c>: its members are the ones the manifest lists and, but for <c>root.tar</c>, have the digests
/// it states. <see cref="Expand"/> checks the rest. Whether the signature is good is not decided here.
/// </summary>
/// <remarks>Source: docs/formats/pkg.md; mcquay pm, "Package".</remarks>
public sealed class PkgArchive : IDisposable
{
    readonly Stream _source;
    readonly PkgLimits _limits;
    readonly PkgMembers _members;
    IReadOnlyList<PkgBlob>? _blobs;

    PkgArchive(Stream source, string name, PkgLimits limits)
    {
        _source = source;
        _limits = limits;
        Name = name;
        _members = PkgMembers.Read(source, limits, name);
        ManifestBytes = _members.Required(PkgNames.Manifest);
        Manifest = ChecksumList.Parse(ManifestBytes.Span, $"{name}: {PkgNames.Manifest}");
        CheckManifest();
        Id = ReadId();
        ClaimedHash = ReadHash();
        CheckOrigin();
    }

    /// <summary>The archive in messages.</summary>
    public string Name { get; }

    public ReadOnlyMemory<byte> ManifestBytes { get; }

    public ChecksumList Manifest { get; }

    /// <summary><c>manifest.sha256.asc</c>.</summary>
    public ReadOnlyMemory<byte>? Signature => Optional(PkgNames.Signature);

    /// <summary>Made again from blobs: its root.tar need not be the publisher's, the package hash is.</summary>
    public bool IsRebuilt => _members.Contents.ContainsKey(PkgNames.Origin);

    /// <summary>The bytes that <see cref="SignedBy"/> signs: the manifest, or the publisher's when rebuilt.</summary>
    public ReadOnlyMemory<byte> SignedManifest =>
        Signature is null && IsRebuilt ? _members.Contents[PkgNames.Origin] : ManifestBytes;

    /// <summary>The signature to check; null: nobody signed.</summary>
    public ReadOnlyMemory<byte>? SignedBy => Signature ?? Optional(PkgNames.OriginSignature);

    /// <summary>The top-level <c>meta.yaml</c>.</summary>
    public ReadOnlyMemory<byte> MetaYaml => _members.Contents[PkgNames.Description];

    public PackageId Id { get; }

    /// <summary>What <c>package.merkle</c> says; null when the package was made by hand.</summary>
    public MerkleRoot? ClaimedHash { get; }

    /// <summary>Every file of the outer archive, in its order.</summary>
    public IReadOnlyList<PkgMember> Members => _members.Files;

    /// <summary>What <see cref="Expand"/> wrote, in the order of root.tar.</summary>
    /// <exception cref="InvalidOperationException">It was not called.</exception>
    public IReadOnlyList<PkgBlob> Blobs => _blobs ?? throw new InvalidOperationException("the package is not expanded");

    /// <param name="source">Seekable, at the start of the archive; disposed with this.</param>
    /// <param name="name">The archive in messages.</param>
    /// <param name="limits">What it may ask for; null: <see cref="PkgLimits.Default"/>.</param>
    /// <exception cref="PackageFormatException">PM22xx, PM23xx: damaged, altered, or not such an archive.</exception>
    public static PkgArchive Open(Stream source, string name, PkgLimits? limits = null) =>
        new(source, name, limits ?? PkgLimits.Default);

    /// <summary>The bytes of a member other than root.tar; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Optional(string member) =>
        _members.Contents.TryGetValue(member, out var content) ? new ReadOnlyMemory<byte>(content) : default(ReadOnlyMemory<byte>?);

    /// <summary>The stored bytes of a member; root.tar's are verified only by <see cref="Expand"/>.</summary>
    public Stream OpenMember(PkgMember member) => new RegionStream(_source, member.Offset, member.Size);

    /// <summary>
    /// Writes all contents into <paramref name="sink"/> and returns the package. Until it returns, nothing written may
    /// be believed: the digest of root.tar, the bom and the package hash are known at the end.
    /// </summary>
    /// <exception cref="PackageFormatException">PM22xx, PM23xx: altered, or contradicting itself.</exception>
    /// <exception cref="CodecException">root.tar is damaged though its digest is right.</exception>
    public Package Expand(IBlobSink sink)
    {
        var builder = new PackageBuilder(Id) { KeepsSetId = true };
        AddMeta(builder);
        var modes = Optional(Package.ModesName) is { } bytes ? Modes.Parse(bytes.Span, $"{Name}: {Package.ModesName}") : null;
        var root = ReadRoot(sink, builder, modes);
        var bom = ChecksumList.Parse(_members.Required(PkgNames.Bom), $"{Name}: {PkgNames.Bom}");
        Bom.Check(bom, root, $"{Name}: {PkgNames.Bom}");
        var package = builder.Build();
        if (ClaimedHash is { } claimed && claimed != package.Hash)
        {
            throw PkgFault.Hash($"{Name}: {PkgNames.Hash}", claimed, package.Hash);
        }

        _blobs = root.Blobs;
        return package;
    }

    public void Dispose() => _source.Dispose();

    RootTar ReadRoot(IBlobSink sink, PackageBuilder builder, Modes? modes)
    {
        var member = _members.Root;
        var where = $"{Name}: {member.Name}";
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        using var hashed = new HashingStream(new RegionStream(_source, member.Offset, member.Size), digest);
        try
        {
            var root = ReadRoot(hashed, sink, builder, modes, where);
            CheckDigest(hashed, where, null);
            return root;
        }
        catch (Exception e) when (e is PackageFormatException { Code: not "PM2302" } or CodecException)
        {
            // Altered bytes break in many ways; that they were altered is the news.
            hashed.CopyTo(Stream.Null);
            CheckDigest(hashed, where, e);
            throw;
        }
    }

    RootTar ReadRoot(Stream hashed, IBlobSink sink, PackageBuilder builder, Modes? modes, string where)
    {
        using var plain = Decompressor.Open(hashed, RootCompression(), leaveOpen: true);
        var root = RootTar.Read(plain, sink, builder, _limits, where, modes);
        hashed.CopyTo(Stream.Null);
        return root;
    }

    void CheckDigest(HashingStream hashed, string where, Exception? inner)
    {
        _ = Manifest.TryFind(_members.Root.Name, out var expected);
        var actual = hashed.Finish();
        if (actual != expected)
        {
            throw PkgFault.Digest(where, expected, actual, inner);
        }
    }

    // By its first bytes: the suffix is only a name.
    Compression RootCompression()
    {
        var head = new byte[CompressionFormat.HeadSize];
        var region = new RegionStream(_source, _members.Root.Offset, _members.Root.Size);
        var count = region.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return CompressionFormat.Detect(head.AsSpan(0, count));
    }

    void AddMeta(PackageBuilder builder)
    {
        foreach (var (member, content) in _members.Contents)
        {
            if (member.StartsWith(PkgNames.MetaFolder + "/", StringComparison.Ordinal)
                || (member.StartsWith(PkgNames.HookFolder + "/", StringComparison.Ordinal)
                    && !_members.Contents.ContainsKey(PkgNames.MetaName(member))))
            {
                builder.AddMeta(PkgNames.MetaName(member), content);
            }
        }

        // Where meta/package is a member, meta.yaml is a copy for readers and no part of the package.
        if (!_members.Contents.ContainsKey(Package.IdentityName) && !_members.Contents.ContainsKey(Package.DescriptionName))
        {
            builder.AddMeta(Package.DescriptionName, MetaYaml);
        }
    }

    void CheckManifest()
    {
        if (_members.Root.Name is null)
        {
            throw PkgFault.Structure(Name, $"the member `{PkgNames.Root}.*` is missing");
        }

        _ = _members.Required(PkgNames.Description);
        _ = _members.Required(PkgNames.Bom);
        foreach (var member in _members.Files.Where(m => !PkgNames.IsOutsideManifest(m.Name)))
        {
            if (!Manifest.TryFind(member.Name, out var expected))
            {
                throw PkgFault.Structure($"{Name}: {PathText.Show(member.Name)}", "the manifest does not list the member");
            }

            if (_members.Contents.TryGetValue(member.Name, out var content)
                && Sha256Digest.Of(content) is var actual && actual != expected)
            {
                throw PkgFault.Digest($"{Name}: {PathText.Show(member.Name)}", expected, actual);
            }
        }

        foreach (var (name, _) in Manifest.Entries)
        {
            if (PkgNames.IsOutsideManifest(name) || !_members.Contains(name))
            {
                throw PkgFault.Structure(
                    $"{Name}: {PathText.Show(name)}",
                    PkgNames.IsOutsideManifest(name) ? "the manifest cannot list itself or its signature"
                        : "the manifest lists a member that is not there");
            }
        }
    }

    PackageId ReadId()
    {
        var description = PackageDescription.Parse(MetaYaml.Span, $"{Name}: {PkgNames.Description}");
        var described = new PackageId(description.Name, description.Version);
        if (Optional(Package.IdentityName) is not { } identity)
        {
            return described;
        }

        var id = PackageIdentity.Parse(identity.Span, $"{Name}: {Package.IdentityName}");
        return id == described
            ? id
            : throw PkgFault.Structure($"{Name}: {PkgNames.Description}", $"it describes {described}, but meta/package says {id}");
    }

    MerkleRoot? ReadHash()
    {
        if (Optional(PkgNames.Hash) is not { } bytes)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes.Span.TrimEnd((byte)'\n'));
        return MerkleRoot.TryParse(text, null, out var hash)
            ? hash
            : throw PkgFault.Structure($"{Name}: {PkgNames.Hash}", "expected 64 lower-case hexadecimal digits");
    }

    // The publisher's manifest speaks of another root.tar, but of the same package: that is what makes it count.
    void CheckOrigin()
    {
        var where = $"{Name}: {PkgNames.Origin}";
        if (!IsRebuilt)
        {
            if (_members.Contents.ContainsKey(PkgNames.OriginSignature))
            {
                throw PkgFault.Structure(Name, $"the member `{PkgNames.Origin}` is missing, though its signature is there");
            }

            return;
        }

        var origin = ChecksumList.Parse(_members.Contents[PkgNames.Origin], where);
        if (ClaimedHash is not { } hash || !PkgManifest.Covers(origin, hash))
        {
            throw PkgFault.Structure(where, $"the publisher's manifest does not state the package hash {ClaimedHash}");
        }
    }
}
