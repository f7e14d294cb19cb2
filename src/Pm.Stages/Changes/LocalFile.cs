using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Stages.Changes;

/// <summary>A <c>.pkg</c> on this machine that somebody wants installed.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">As it was named, for messages.</param>
/// <param name="Id">What it says it is; believed when its signature is.</param>
/// <param name="Dependencies">What it says it needs.</param>
public sealed record LocalFile(string Path, string Name, PackageId Id, ImmutableArray<Dependency> Dependencies)
{
    /// <summary>Reads what a file says it is. Nothing is unpacked.</summary>
    /// <exception cref="PackageFormatException">It is damaged, altered or no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LocalFile Read(string path, string name)
    {
        using var archive = PkgArchive.Open(File.OpenRead(path), name);
        var description = PackageDescription.Parse(archive.MetaYaml.Span, $"{name}: meta.yaml");
        return new LocalFile(path, name, archive.Id, description.Dependencies);
    }
}
