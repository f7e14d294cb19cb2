using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Repositories;

/// <summary>Finds the version of a package that installs the same as a new one: they are one under two labels.</summary>
/// <param name="writer">Of the repository.</param>
/// <param name="state">What is published.</param>
/// <remarks>It is a convenience for who resolves: what cannot be read says nothing, and refuses nothing.</remarks>
sealed class EarlierVersions(RepositoryWriter writer, RepositoryState state) : IDisposable
{
    /// <summary>Versions of one name whose metadata is read: more of the same size and needs are no labels, but an attack.</summary>
    const int MostRead = 16;

    readonly Lazy<MappedOwnIndex?> _index = new(() => MappedOwnIndex.TryOpen(writer.Home, RepositoryLayout.Index));

    /// <summary>The version under which it was published first; null: it is like none.</summary>
    public PackageVersion? SameAs(Package package, AvailablePackage said)
    {
        try
        {
            var same = _index.Value?.Index.Versions(package.Id.Name).Select(v => v.Package)
                .Where(v => v.Id != package.Id && v.SizeInBytes == said.SizeInBytes && v.Dependencies.SequenceEqual(said.Dependencies))
                .Take(MostRead).FirstOrDefault(v => ContentOf(v.Id) == package.ContentHash);
            return same?.SameAs ?? same?.Version;
        }
        catch (PackageFormatException)
        {
            // An index that is damaged is made anew behind this change.
            return null;
        }
    }

    public void Dispose()
    {
        if (_index.IsValueCreated)
        {
            _index.Value?.Dispose();
        }
    }

    MerkleRoot? ContentOf(PackageId id)
    {
        if (state.Find(id) is not { Package.Hash: { } hash } target || state.FindFile(target.TargetPath) is not { } file)
        {
            return null;
        }

        var path = RepositoryLayout.TargetFile(target.TargetPath, file);
        using var folder = writer.Served.TryOpenBeneath(Path.GetDirectoryName(path)!);
        return folder?.TryReadFile(Path.GetFileName(path), Package.MaximumSize) is { } bytes ? Package.Open(bytes, hash).ContentHash : null;
    }
}
