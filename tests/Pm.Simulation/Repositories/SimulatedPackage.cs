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
    public SimulatedPackage(string id, int ballast = 20_000)
    {
        var identity = PackageId.Parse(id);
        var builder = new PackageBuilder(identity);
        builder.AddMeta("meta/meta.yaml", Encoding.UTF8.GetBytes(
            $"name: {identity.Name}\nversion: \"{identity.Version}\"\ndescription: simulated {identity.Name}\n"));
        builder.AddFile($"bin/{identity.Name.FileText}", Blobs.Add(Encoding.UTF8.GetBytes($"#!/bin/sh\necho {id}\n")), Executable);
        builder.AddFile($"share/{identity.Name.FileText}", Blobs.Add(Encoding.UTF8.GetBytes(new string('x', ballast))));
        Package = builder.Build();
        Blobs.Add(Package.MetaFar.Span);
        Pkg = ToPkg();
    }

    public MemoryBlobs Blobs { get; } = new();

    public Package Package { get; }

    public PackageId Id => Package.Id;

    /// <summary>Unsigned.</summary>
    public byte[] Pkg { get; }

    byte[] ToPkg()
    {
        using var target = new MemoryStream();
        using var scratch = new MemoryStream();
        PkgWriter.Write(target, scratch, Package, Blobs.Open, new PkgWriteOptions { Compression = Compression.Zstandard });
        return target.ToArray();
    }
}
