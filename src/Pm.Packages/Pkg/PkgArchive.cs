using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages.Tar;

namespace Pm.Packages.Pkg;

/// <summary>
/// An opened <c>.pkg</c>: its members are the ones the manifest lists and, but for <c>root.tar</c>, have the digests
/// it states. <see cref="Expand"/> checks the rest. Whether the signature is good is not decided here.
/// </summary>
/// <remarks>Source: docs/formats/pkg.md; mcquay pm, "Package".</remarks>
public sealed partial class PkgArchive : IDisposable
{
    /// <summary>A list of digests of so many bytes is read on a thread of its own.</summary>
    const int LargeBom = 64 * 1024;

    readonly Stream _source;
    readonly PkgLimits _limits;
    readonly PkgMembers _members;
    readonly TarReader? _forward;
    IReadOnlyList<PkgBlob>? _blobs;

    PkgArchive(Stream source, PkgMembers members, TarReader? forward, string name, PkgLimits limits)
    {
        _source = source;
        _limits = limits;
        _forward = forward;
        Name = name;
        _members = members;
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

    /// <summary>The top-level <c>meta.yaml</c>: what the package says of itself, or where it says nothing, its name and version for readers.</summary>
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
    public static PkgArchive Open(Stream source, string name, PkgLimits? limits = null)
    {
        limits ??= PkgLimits.Default;
        return new PkgArchive(source, PkgMembers.Read(source, limits, name), forward: null, name, limits);
    }

    /// <summary>
    /// Opens an archive that arrives: its files are read by <see cref="Expand"/> when all that judges them is here. That what
    /// arrived to its end is what was signed is the stream's to say.
    /// </summary>
    /// <param name="source">Read forward only; not disposed.</param>
    /// <param name="name">The archive in messages.</param>
    /// <param name="limits">What it may ask for; null: <see cref="PkgLimits.Default"/>.</param>
    /// <returns>Null where root.tar comes before something that is needed: it can only be read whole.</returns>
    /// <exception cref="PackageFormatException">PM22xx, PM23xx: damaged, altered, or not such an archive.</exception>
    public static PkgArchive? TryOpenForward(Stream source, string name, PkgLimits? limits = null)
    {
        limits ??= PkgLimits.Default;
        var members = PkgMembers.ReadToRoot(source, limits, name, out var reader);
        return IsWhole(members, name) ? new PkgArchive(source, members, reader, name, limits) : null;
    }

    /// <summary>The bytes of a member other than root.tar; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Optional(string member) =>
        _members.Contents.TryGetValue(member, out var content) ? new ReadOnlyMemory<byte>(content) : default(ReadOnlyMemory<byte>?);

    /// <summary>The stored bytes of a member; root.tar's are verified only by <see cref="Expand"/>.</summary>
    /// <exception cref="InvalidOperationException">The archive is read forward only.</exception>
    public Stream OpenMember(PkgMember member) => _forward is null
        ? new RegionStream(_source, member.Offset, member.Size)
        : throw new InvalidOperationException("an archive that arrives is read once");

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
        CheckLast();
        var package = BuildBeside(() => CheckBom(root), builder);
        if (ClaimedHash is { } claimed && claimed != package.Hash)
        {
            throw PkgFault.Hash($"{Name}: {PkgNames.Hash}", claimed, package.Hash);
        }

        _blobs = root.Blobs;
        return package;
    }

    public void Dispose()
    {
        if (_forward is null)
        {
            _source.Dispose();
        }
    }

    /// <summary>Builds the package while its list of digests, which says nothing about the building, is looked at.</summary>
    Package BuildBeside(Action check, PackageBuilder builder)
    {
        if (_members.Required(PkgNames.Bom).Length < LargeBom)
        {
            check();
            return builder.Build();
        }

        var checking = Task.Run(check);
        try
        {
            return builder.Build();
        }
        finally
        {
            // What it finds is told first, as it is of a small package.
            checking.GetAwaiter().GetResult();
        }
    }

    void CheckBom(RootTar root)
    {
        var where = $"{Name}: {PkgNames.Bom}";
        Bom.Check(ChecksumList.Parse(_members.Required(PkgNames.Bom), where), root, where);
    }

    RootTar ReadRoot(IBlobSink sink, PackageBuilder builder, Modes? modes)
    {
        var member = _members.Root;
        var where = $"{Name}: {member.Name}";
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        var content = new PeekedStream(_forward?.Data ?? OpenMember(member), CompressionFormat.HeadSize);
        using var hashed = new HashingStream(content, digest);
        try
        {
            var root = ReadRoot(hashed, CompressionFormat.Detect(content.Head), sink, builder, modes, where);
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

    // The compression by the first bytes: the suffix is only a name.
    RootTar ReadRoot(
        Stream hashed, Compression compression, IBlobSink sink, PackageBuilder builder, Modes? modes, string where)
    {
        using var plain = Decompressor.Open(hashed, compression, leaveOpen: true);
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
}
