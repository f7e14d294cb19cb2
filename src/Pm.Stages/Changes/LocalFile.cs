using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Stages.Bundles;

namespace Pm.Stages.Changes;

/// <summary>A <c>.pkg</c> on this machine that somebody wants installed.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">As it was named, for messages.</param>
/// <param name="Id">What it says it is; believed when its signature is.</param>
/// <param name="Dependencies">What it says it needs.</param>
public sealed record LocalFile(string Path, string Name, PackageId Id, ImmutableArray<Dependency> Dependencies)
{
    /// <summary>What it says it needs, with requirements.</summary>
    public ImmutableSortedDictionary<PackageName, string> Requires { get; init; } = ImmutableSortedDictionary<PackageName, string>.Empty;

    /// <summary>Which part of the file it is: offset and length in bytes; null: all of it.</summary>
    public (long Offset, long Length)? Region { get; init; }

    /// <summary>Reads what a file says it is. Nothing is unpacked.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">As it was named, for messages.</param>
    /// <param name="region">Which part of it is the <c>.pkg</c>; null: all.</param>
    /// <exception cref="PackageFormatException">It is damaged, altered or no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LocalFile Read(string path, string name, (long Offset, long Length)? region = null)
    {
        using var archive = PkgArchive.Open(Open(path, region), name);
        var description = PackageDescription.Parse(archive.MetaYaml.Span, $"{name}: meta.yaml");
        return new LocalFile(path, name, archive.Id, description.Dependencies) { Requires = description.Requires, Region = region };
    }

    /// <summary>The <c>.pkg</c>, from its start; seekable.</summary>
    public Stream Open() => Open(Path, Region);

    static Stream Open(string path, (long Offset, long Length)? region) => region is var (offset, length)
        ? new FileRegion(File.OpenHandle(path), offset, length)
        : File.OpenRead(path);
}
