using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Remotes;
using Pm.Storage;

namespace Pm.Stages.Roots;

/// <summary>What the remotes of a root offered when each was last pulled. Read without asking any of them, and only as far as it is asked.</summary>
public sealed class Catalogue : IDisposable
{
    readonly ImmutableArray<MappedIndex> _mapped;
    readonly Dictionary<string, PulledRepository> _pulled;

    Catalogue(PackageIndex index, ImmutableArray<MappedIndex> mapped, Dictionary<string, PulledRepository> pulled)
    {
        Index = index;
        _mapped = mapped;
        _pulled = pulled;
    }

    /// <summary>What no remote offers.</summary>
    public static Catalogue Empty { get; } = new(PackageIndex.Empty, [], []);

    /// <summary>Names, versions and dependencies; the first remote that has a name wins it.</summary>
    public PackageIndex Index { get; }

    /// <summary>Whether no remote was ever pulled.</summary>
    public bool IsEmpty => _pulled.Count == 0;

    /// <summary>The state of a remote that is believed; null before the first pull.</summary>
    public PulledRepository? StateOf(string remote) => _pulled.GetValueOrDefault(remote);

    /// <summary>All that is needed to fetch a package of the index; null when it is not from a remote.</summary>
    public PublishedPackage? Published(AvailablePackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Remote is { } remote ? StateOf(remote)?.Find(package.Id) : null;
    }

    /// <summary>The catalogue of a root; empty without one.</summary>
    /// <exception cref="PackageFormatException">PM2018: an index is damaged: what it leaves out could come from a remote it should not.</exception>
    public static Catalogue Load(Root? root, RemoteList remotes)
    {
        ArgumentNullException.ThrowIfNull(remotes);
        if (root is null)
        {
            return Empty;
        }

        var mapped = new List<(RemoteDefinition Remote, MappedIndex Index)>();
        try
        {
            var indexes = new RootIndexes(root);
            foreach (var remote in remotes.Remotes)
            {
                if (indexes.TryOpen(remote.Name) is { } index)
                {
                    mapped.Add((remote, index));
                }
            }
        }
        catch
        {
            mapped.ForEach(m => m.Index.Dispose());
            throw;
        }

        return new Catalogue(
            new PackageIndex([.. mapped.Select(m => ((string?)m.Remote.Name, m.Index.Index))]),
            [.. mapped.Select(m => m.Index)],
            mapped.ToDictionary(m => m.Remote.Name, m => new PulledRepository(m.Index.Index, MetadataDirectory(root, m.Remote))));
    }

    /// <summary>Where the metadata of a remote is kept, byte for byte as it was signed.</summary>
    public static string MetadataDirectory(Root root, RemoteDefinition remote)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(remote);
        return Path.Join(root.StatePath, "tuf", remote.Name);
    }

    /// <summary>Ends the indexes: what was read stays, nothing more can be.</summary>
    public void Dispose()
    {
        foreach (var index in _mapped)
        {
            index.Dispose();
        }
    }
}
