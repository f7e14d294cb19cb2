using Pm.Packages.Index;
using Pm.Remotes;
using Pm.Storage;

namespace Pm.Stages.Roots;

/// <summary>What the remotes of a root offered when each was last pulled. Read without asking any of them.</summary>
public sealed class Catalogue
{
    readonly Dictionary<string, PulledRepository> _pulled;

    Catalogue(PackageIndex index, Dictionary<string, PulledRepository> pulled)
    {
        Index = index;
        _pulled = pulled;
    }

    /// <summary>What no remote offers.</summary>
    public static Catalogue Empty { get; } = new(PackageIndex.Empty, []);

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
    public static Catalogue Load(Root? root, RemoteList remotes)
    {
        ArgumentNullException.ThrowIfNull(remotes);
        var pulled = new Dictionary<string, PulledRepository>(StringComparer.Ordinal);
        if (root is not null)
        {
            foreach (var remote in remotes.Remotes)
            {
                if (KeptMetadata(root, remote) is { } state)
                {
                    pulled.Add(remote.Name, state);
                }
            }
        }

        var documents = remotes.Remotes.Where(r => pulled.ContainsKey(r.Name))
            .Select(r => ((string?)r.Name, pulled[r.Name].Available));
        return new Catalogue(new PackageIndex(documents), pulled);
    }

    /// <summary>Where the metadata of a remote is kept, byte for byte as it was signed.</summary>
    public static string MetadataDirectory(Root root, RemoteDefinition remote)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(remote);
        return Path.Join(root.StatePath, "tuf", remote.Name);
    }

    // The fetcher of a remote that is gone or not mounted must not keep its list from being read.
    static PulledRepository? KeptMetadata(Root root, RemoteDefinition remote)
    {
        using var client = new RepositoryClient(remote.Name, AbsentFetcher.Instance, MetadataDirectory(root, remote));
        return client.LoadKept();
    }
}
