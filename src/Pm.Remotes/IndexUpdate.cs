using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>What verified metadata says that an index does not yet.</summary>
/// <param name="head">What the index will be made from.</param>
/// <param name="old">The index that it starts from; null: there is none.</param>
public sealed class IndexUpdate(IndexHead head, RepositoryIndex? old)
{
    readonly IndexBuilder _builder = new();
    readonly ImmutableArray<string>.Builder _ignored = ImmutableArray.CreateBuilder<string>();

    /// <summary>Targets that are no packages pm understands, each with the reason.</summary>
    public ImmutableArray<string> Ignored => _ignored.ToImmutable();

    /// <summary>Writes the whole index.</summary>
    /// <param name="target">Buffered by the caller.</param>
    /// <returns>What is new in it.</returns>
    /// <exception cref="PackageFormatException">PM2018: the old one is damaged.</exception>
    public IndexChanges Write(Stream target) => _builder.Write(target, head, old);

    /// <summary>Takes up all targets of one metadata file.</summary>
    internal void Add(int source, TargetsMetadata targets)
    {
        foreach (var (path, file) in targets.Targets)
        {
            try
            {
                _builder.Add(new IndexedPackage(PublishedTarget.Parse(path, file.Custom ?? default))
                {
                    File = new FileIdentity(file.Length, file.Hashes.Sha256, file.Hashes.Sha512),
                    Source = source,
                });
            }
            catch (PackageFormatException exception)
            {
                _ignored.Add(exception.Message);
            }
        }
    }
}
