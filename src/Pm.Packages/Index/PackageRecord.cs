using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pm.Blobs;
using Pm.Codecs;

namespace Pm.Packages.Index;

/// <summary>One version of a package in an index: a checksum over its name and the rest, what is there, then that.</summary>
static class PackageRecord
{
    const int ChecksumSize = sizeof(uint);
    const int Sha512Size = 64;

    [Flags]
    enum Fields
    {
        Hash = 1 << 0,
        Title = 1 << 1,
        Namespace = 1 << 2,
        Size = 1 << 3,
        DownloadSize = 1 << 4,
        Yanked = 1 << 5,
        YankReason = 1 << 6,
        Signer = 1 << 7,
        MetaSize = 1 << 8,
        BlobList = 1 << 9,
        PkgDigest = 1 << 10,
        File = 1 << 11,
        FileSha256 = 1 << 12,
        FileSha512 = 1 << 13,
        PreRelease = 1 << 14,
        BlobListCompressed = 1 << 15,
        Published = 1 << 16,
        SameAs = 1 << 17,
    }

    public static void Write(IndexBuffer target, ReadOnlySpan<byte> name, IndexedPackage indexed)
    {
        var body = new IndexBuffer();
        WriteBody(body, indexed);
        target.AddUInt32(IndexFormat.Checksum(name, body.Written));
        target.Add(body.Written);
    }

    /// <summary>What is known of a version without reading its text.</summary>
    public static VersionStanding Standing(ReadOnlySpan<byte> record, string where)
    {
        var fields = Start(record, where, out var reader);
        return new VersionStanding(
            fields.HasFlag(Fields.Yanked), fields.HasFlag(Fields.PreRelease), fields.HasFlag(Fields.SameAs), Published(fields, ref reader));
    }

    /// <summary>The version, without reading the rest.</summary>
    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public static PackageVersion Version(ReadOnlySpan<byte> record, string where)
    {
        _ = Published(Start(record, where, out var reader), ref reader);
        return PackageVersion.TryParse(reader.String(), out var version) ? version : throw reader.Damaged("a version is none");
    }

    /// <summary>What the version needs, without making text of all else that is said of it.</summary>
    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public static OfferedNeeds Needs(ReadOnlySpan<byte> record, string where)
    {
        _ = Published(Start(record, where, out var reader), ref reader);
        reader.Text();
        reader.Text();
        try
        {
            return new OfferedNeeds(Dependencies(ref reader), Requires(ref reader));
        }
        catch (PackageFormatException exception) when (exception.Code != "PM2018")
        {
            throw IndexReader.Damaged(where, exception.Message, exception);
        }
    }

    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public static void RequireWhole(PackageName name, ReadOnlySpan<byte> nameText, ReadOnlySpan<byte> record, string where)
    {
        var reader = new IndexReader(record, where);
        var checksum = reader.UInt32();
        if (IndexFormat.Checksum(nameText, reader.Rest) != checksum)
        {
            throw reader.Damaged($"the checksum of {name} is wrong");
        }
    }

    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public static IndexedPackage Read(PackageName name, ReadOnlySpan<byte> nameText, ReadOnlySpan<byte> record, string where)
    {
        RequireWhole(name, nameText, record, where);
        var fields = Start(record, where, out var reader);

        try
        {
            return ReadBody(name, fields, ref reader);
        }
        catch (PackageFormatException exception) when (exception.Code != "PM2018")
        {
            throw IndexReader.Damaged(where, exception.Message, exception);
        }
    }

    static Fields Start(ReadOnlySpan<byte> record, string where, out IndexReader reader)
    {
        reader = new IndexReader(record, where);
        reader.UInt32();
        return (Fields)reader.Varint();
    }

    static DateTimeOffset? Published(Fields fields, ref IndexReader reader)
    {
        if (!fields.HasFlag(Fields.Published))
        {
            return null;
        }

        var seconds = reader.Int64();
        return seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw reader.Damaged("a time is none");
    }

    static void WriteBody(IndexBuffer body, IndexedPackage indexed)
    {
        var (target, package) = (indexed.Target, indexed.Package);
        body.AddVarint((ulong)FieldsOf(indexed));
        AddNumber(body, package.Published?.ToUnixTimeSeconds());
        body.AddText(package.Version.Text);
        body.AddText(package.Description);
        AddTexts(body, package.Dependencies, static dependency => dependency.ToString());
        body.AddVarint((uint)package.Requires.Count);
        foreach (var (name, requirement) in package.Requires)
        {
            body.AddText(name.Text);
            body.AddText(requirement);
        }

        AddTexts(body, package.Provides, static text => text);
        AddText(body, package.Title);
        AddText(body, package.Namespace);
        AddText(body, package.YankReason);
        AddText(body, package.Signer);
        AddNumber(body, package.SizeInBytes);
        AddNumber(body, package.DownloadSize);
        AddNumber(body, target.MetaSizeInBytes);
        AddNumber(body, indexed.File?.Length);
        AddRoot(body, package.Hash);
        AddNumber(body, target.BlobListCompressedSize);
        AddNumber(body, target.BlobList?.SizeInBytes);
        AddRoot(body, target.BlobList?.Root);
        body.Add(target.PkgDigest is { } digest ? digest.Bytes : []);
        body.Add(Convert.FromHexString(indexed.File?.Sha256 ?? ""));
        body.Add(Convert.FromHexString(indexed.File?.Sha512 ?? ""));
        AddText(body, package.SameAs?.Text);
    }

    static IndexedPackage ReadBody(PackageName name, Fields fields, ref IndexReader reader)
    {
        var published = Published(fields, ref reader);
        var package = new AvailablePackage(new PackageId(name, PackageVersion.Parse(reader.String())))
        {
            Published = published,
            Description = reader.String(),
            Dependencies = Dependencies(ref reader),
            Requires = Requires(ref reader),
            Provides = Texts(ref reader),
            Title = fields.HasFlag(Fields.Title) ? reader.String() : null,
            Namespace = fields.HasFlag(Fields.Namespace) ? reader.String() : null,
            IsYanked = fields.HasFlag(Fields.Yanked),
            YankReason = fields.HasFlag(Fields.YankReason) ? reader.String() : null,
            Signer = fields.HasFlag(Fields.Signer) ? reader.String() : null,
            SizeInBytes = fields.HasFlag(Fields.Size) ? reader.Int64() : null,
            DownloadSize = fields.HasFlag(Fields.DownloadSize) ? reader.Int64() : null,
        };
        var metaSize = fields.HasFlag(Fields.MetaSize) ? reader.Int64() : (long?)null;
        var length = fields.HasFlag(Fields.File) ? reader.Int64() : (long?)null;
        package = package with { Hash = fields.HasFlag(Fields.Hash) ? Root(ref reader) : null };
        var compressed = fields.HasFlag(Fields.BlobListCompressed) ? reader.Int64() : (long?)null;
        var listSize = fields.HasFlag(Fields.BlobList) ? reader.Int64() : 0;
        var target = new PublishedTarget(package)
        {
            MetaSizeInBytes = metaSize,
            BlobList = fields.HasFlag(Fields.BlobList) ? (Root(ref reader), listSize) : null,
            BlobListCompressedSize = compressed,
            PkgDigest = fields.HasFlag(Fields.PkgDigest) ? new Sha256Digest(reader.Bytes(Sha256Digest.Size)) : null,
        };
        var sha256 = fields.HasFlag(Fields.FileSha256) ? Convert.ToHexStringLower(reader.Bytes(Sha256Digest.Size)) : null;
        var sha512 = fields.HasFlag(Fields.FileSha512) ? Convert.ToHexStringLower(reader.Bytes(Sha512Size)) : null;
        target = target with { Package = package with { SameAs = fields.HasFlag(Fields.SameAs) ? PackageVersion.Parse(reader.String()) : null } };
        return new IndexedPackage(target) { File = length is { } known ? new FileIdentity(known, sha256, sha512) : null };
    }

    static Fields FieldsOf(IndexedPackage indexed)
    {
        var (target, package) = (indexed.Target, indexed.Package);
        return Flag(package.Hash is not null, Fields.Hash)
            | Flag(package.Title is not null, Fields.Title)
            | Flag(package.Namespace is not null, Fields.Namespace)
            | Flag(package.SizeInBytes is not null, Fields.Size)
            | Flag(package.DownloadSize is not null, Fields.DownloadSize)
            | Flag(package.IsYanked, Fields.Yanked)
            | Flag(package.YankReason is not null, Fields.YankReason)
            | Flag(package.Signer is not null, Fields.Signer)
            | Flag(target.MetaSizeInBytes is not null, Fields.MetaSize)
            | Flag(target.BlobList is not null, Fields.BlobList)
            | Flag(target.BlobListCompressedSize is not null, Fields.BlobListCompressed)
            | Flag(target.PkgDigest is not null, Fields.PkgDigest)
            | Flag(indexed.File is not null, Fields.File)
            | Flag(indexed.File?.Sha256 is not null, Fields.FileSha256)
            | Flag(indexed.File?.Sha512 is not null, Fields.FileSha512)
            | Flag(package.Version.IsPreRelease, Fields.PreRelease)
            | Flag(package.Published is not null, Fields.Published)
            | Flag(package.SameAs is not null, Fields.SameAs);
    }

    static Fields Flag(bool isThere, Fields field) => isThere ? field : 0;

    static void AddText(IndexBuffer body, string? text)
    {
        if (text is not null)
        {
            body.AddText(text);
        }
    }

    static void AddNumber(IndexBuffer body, long? number)
    {
        if (number is { } value)
        {
            body.AddVarint(checked((ulong)value));
        }
    }

    static void AddRoot(IndexBuffer body, MerkleRoot? root)
    {
        if (root is { } value)
        {
            body.Add(value.Bytes);
        }
    }

    static void AddTexts<T>(IndexBuffer body, ImmutableArray<T> items, Func<T, string> text)
    {
        body.AddVarint((uint)items.Length);
        foreach (var item in items)
        {
            body.AddText(text(item));
        }
    }

    static MerkleRoot Root(ref IndexReader reader) => new(reader.Bytes(MerkleRoot.Size));

    static ImmutableArray<string> Texts(ref IndexReader reader)
    {
        var texts = new string[reader.Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.String();
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    static ImmutableArray<Dependency> Dependencies(ref IndexReader reader)
    {
        var dependencies = new Dependency[reader.Count()];
        for (var i = 0; i < dependencies.Length; i++)
        {
            dependencies[i] = Dependency.Parse(reader.String());
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(dependencies);
    }

    static ImmutableSortedDictionary<PackageName, string> Requires(ref IndexReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return ImmutableSortedDictionary<PackageName, string>.Empty;
        }

        var requires = ImmutableSortedDictionary.CreateBuilder<PackageName, string>();
        for (var i = 0; i < count; i++)
        {
            requires[PackageName.Parse(reader.String())] = reader.String();
        }

        return requires.ToImmutable();
    }
}
