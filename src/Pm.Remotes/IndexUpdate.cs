using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>What verified metadata says that an index does not yet.</summary>
/// <param name="old">The index that it starts from; null: there is none.</param>
public sealed class IndexUpdate(RepositoryIndex? old)
{
    readonly IndexBuilder _builder = new();
    readonly Lock _lock = new();
    readonly ImmutableArray<string>.Builder _ignored = ImmutableArray.CreateBuilder<string>();

    int?[] _stillGood = [];

    /// <summary>What the index will be made from.</summary>
    internal IndexHead Head { get; set; } = IndexHead.OfNobody;

    /// <summary>Targets that are no packages pm understands, each with the reason.</summary>
    public ImmutableArray<string> Ignored => [.. _ignored.Order(StringComparer.Ordinal)];

    /// <summary>Writes the whole index.</summary>
    /// <param name="target">Buffered by the caller.</param>
    /// <returns>What is new in it.</returns>
    /// <exception cref="PackageFormatException">PM2018: the old one is damaged.</exception>
    public IndexChanges Write(Stream target) => _builder.Write(target, Head, old, source => _stillGood.ElementAtOrDefault(source));

    /// <summary>Says for each source of the old index which one it is now; null: what it said does not stand any more.</summary>
    internal void Keep(int?[] sources) => _stillGood = sources;

    /// <summary>Takes up the targets of one metadata file. Several threads may.</summary>
    internal void Add(int source, TargetsMetadata targets, Func<string, bool> maySpeakFor)
    {
        foreach (var (path, file) in targets.Targets)
        {
            try
            {
                var package = maySpeakFor(path) ? Package(source, path, file) : throw new PackageFormatException(
                    "PM2017", $"target {Trust.ShownText.Of(path)}: {Head.Sources[source].Name} may not speak for it");
                lock (_lock)
                {
                    _builder.Add(package);
                }
            }
            catch (PackageFormatException exception)
            {
                Ignore(exception.Message);
            }
        }
    }

    /// <summary>Takes up a package that nothing signed names.</summary>
    internal void Add(PublishedTarget target) => _builder.Add(new IndexedPackage(target));

    /// <summary>Names something that is passed over.</summary>
    internal void Ignore(string reason)
    {
        lock (_lock)
        {
            _ignored.Add(reason);
        }
    }

    static IndexedPackage Package(int source, string path, TargetFile file) =>
        new(PublishedTarget.Parse(path, file.Custom ?? default))
        {
            File = new FileIdentity(file.Length, file.Hashes.Sha256, file.Hashes.Sha512),
            Source = source,
        };
}
