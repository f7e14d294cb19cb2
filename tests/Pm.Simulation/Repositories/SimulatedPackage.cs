using System.Text;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Simulation.Repositories;

/// <summary>A small package with a program in it, which prints what it is, and its <c>.pkg</c>.</summary>
public sealed class SimulatedPackage
{
    const int Executable = 0x1ed; // 0755

    /// <param name="id">E.g. <c>tool@1.0.0</c>.</param>
    /// <param name="ballast">Bytes of a further file, the same in every package of that size.</param>
    /// <param name="sign">Who signs its manifest, and how; null: nobody.</param>
    /// <param name="noise">Bytes of a further file that does not compress.</param>
    /// <param name="yaml">Further lines of its description.</param>
    public SimulatedPackage(string id, int ballast = 20_000, Func<ReadOnlyMemory<byte>, byte[]>? sign = null, string yaml = "", int noise = 0)
    {
        var identity = PackageId.Parse(id);
        var builder = new PackageBuilder(identity);
        builder.AddMeta("meta/meta.yaml", Encoding.UTF8.GetBytes(
            $"name: {identity.Name}\nversion: \"{identity.Version}\"\ndescription: simulated {identity.Name}\n{yaml}"));
        builder.AddFile($"bin/{identity.Name.FileText}", Blobs.Add(Encoding.UTF8.GetBytes($"#!/bin/sh\necho {id}\n")), Executable);
        builder.AddFile($"share/{identity.Name.FileText}", Blobs.Add(Encoding.UTF8.GetBytes(new string('x', ballast))));
        if (noise > 0)
        {
            var bytes = new byte[noise];
            new Random(1).NextBytes(bytes);
            builder.AddFile($"share/{identity.Name.FileText}.noise", Blobs.Add(bytes));
        }

        Package = builder.Build();
        Blobs.Add(Package.MetaFar.Span);
        Pkg = ToPkg(manifest =>
        {
            Manifest = manifest.ToArray();
            return Signature = sign!(manifest);
        }, sign is not null);
    }

    public MemoryBlobs Blobs { get; } = new();

    public Package Package { get; }

    public PackageId Id => Package.Id;

    public byte[] Pkg { get; }

    /// <summary>What was signed; null where nothing was.</summary>
    public byte[]? Manifest { get; private set; }

    public byte[]? Signature { get; private set; }

    byte[] ToPkg(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> sign, bool isSigned)
    {
        using var target = new MemoryStream();
        using var scratch = new MemoryStream();
        PkgWriter.Write(target, scratch, Package, Blobs.Open, new PkgWriteOptions
        {
            // Hundreds are made: a higher level takes a hundred megabytes of memory for each.
            Compression = Compression.Zstandard,
            Level = 1,
            Sign = isSigned ? sign : null,
        });
        return target.ToArray();
    }
}
