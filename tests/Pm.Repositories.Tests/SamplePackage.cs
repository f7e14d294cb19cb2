using System.Text;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Trust.OpenPgp;

namespace Pm.Repositories.Tests;

/// <summary>A small package, and its <c>.pkg</c> with a stand-in for a signature.</summary>
sealed class SamplePackage
{
    public static readonly Fingerprint Signer = Fingerprint.Parse("FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C");

    public SamplePackage(string id, string content, string yaml = "", params (string Path, byte[] Content)[] more)
    {
        var identity = PackageId.Parse(id);
        var builder = new PackageBuilder(identity);
        builder.AddMeta("meta/meta.yaml", Encoding.UTF8.GetBytes(
            $"name: {identity.Name}\nversion: \"{identity.Version}\"\ndescription: sample {identity.Name}\n{yaml}"));
        builder.AddFile("bin/run", Blobs.Add(Encoding.UTF8.GetBytes($"#!/bin/sh\necho {content}\n")), 0x1ed);
        builder.AddFile("share/common", Blobs.Add(Encoding.UTF8.GetBytes(new string('c', 20_000))));
        builder.AddFile("share/own", Blobs.Add(Encoding.UTF8.GetBytes(content)));
        foreach (var (path, bytes) in more)
        {
            builder.AddFile(path, Blobs.Add(bytes));
        }

        Package = builder.Build();
        Blobs.Add(Package.MetaFar.Span);
    }

    public MemoryBlobs Blobs { get; } = new();

    public Package Package { get; }

    /// <summary>Signs anything: what gpg does is tested elsewhere.</summary>
    public static byte[] Sign(ReadOnlyMemory<byte> manifest) => [.. "signed "u8, .. Encoding.ASCII.GetBytes(Sha256Digest.Of(manifest.Span).ToString())];

    /// <summary>The judge that belongs to <see cref="Sign"/>.</summary>
    public static SignerDecision Judge(ReadOnlyMemory<byte> manifest, ReadOnlyMemory<byte> signature) =>
        signature.Span.SequenceEqual(Sign(manifest))
            ? new SignerDecision.Accepted(Signer, "Alice")
            : new SignerDecision.Refused("PM3003", "altered after it was signed", null);

    public byte[] ToPkg(bool isSigned = true, Compression compression = Compression.Zstandard) =>
        ToPkg(isSigned ? manifest => Sign(manifest) : null, compression);

    public byte[] ToPkg(Func<ReadOnlyMemory<byte>, byte[]>? sign, Compression compression = Compression.Zstandard)
    {
        using var target = new MemoryStream();
        using var scratch = new MemoryStream();
        PkgWriter.Write(target, scratch, Package, Blobs.Open, new PkgWriteOptions
        {
            Compression = compression,
            Sign = sign is null ? null : manifest => sign(manifest),
        });
        return target.ToArray();
    }

    /// <summary>Writes the <c>.pkg</c> into <paramref name="directory"/> and says its path.</summary>
    public string Save(string directory, bool isSigned = true, Compression compression = Compression.Zstandard)
    {
        var path = Path.Join(directory, $"{Guid.NewGuid():N}.pkg");
        File.WriteAllBytes(path, ToPkg(isSigned, compression));
        return path;
    }
}
