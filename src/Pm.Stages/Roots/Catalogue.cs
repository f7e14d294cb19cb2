using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Remotes;
using Pm.Storage;
using Pm.Trust;

namespace Pm.Stages.Roots;

/// <summary>What the remotes of a root offered when each was last pulled. Read without asking any of them, and only as far as it is asked.</summary>
public sealed class Catalogue : IDisposable
{
    readonly ImmutableArray<MappedIndex> _mapped;
    readonly Dictionary<string, PulledRepository> _pulled;
    readonly ImmutableArray<string> _order;
    readonly Dictionary<PackageName, string> _pins;

    Catalogue(
        ImmutableArray<(RemoteDefinition Remote, MappedIndex Index)> mapped, ImmutableArray<string> order, Root? root, IReadOnlyDictionary<PackageName, string>? chosen = null)
    {
        _mapped = [.. mapped.Select(m => m.Index)];
        _pulled = mapped.ToDictionary(m => m.Remote.Name, m => new PulledRepository(m.Index.Index, MetadataDirectory(root!, m.Remote)));
        _order = order;
        _pins = PinsOf(root, order);
        foreach (var (name, remote) in chosen ?? ImmutableDictionary<PackageName, string>.Empty)
        {
            _pins[name] = remote;
        }

        Index = new PackageIndex([.. mapped.Select(m => ((string?)m.Remote.Name, m.Index.Index))], _pins);
    }

    /// <summary>In the root's state: a directory for each remote.</summary>
    internal const string MetadataParent = "tuf";

    /// <summary>What no remote offers.</summary>
    public static Catalogue Empty { get; } = new([], [], null);

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

    /// <summary>
    /// Refuses a package of a name that a remote before its own may have: the first that has a name wins it, and what one offers that was
    /// not pulled, because somebody keeps it out of reach for instance, nobody here knows.
    /// </summary>
    /// <exception cref="StageException">PM7506.</exception>
    public void RequireFirst(AvailablePackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Remote is { } own && !_pins.ContainsKey(package.Name)
            && _order.TakeWhile(remote => remote != own).FirstOrDefault(remote => !_pulled.ContainsKey(remote)) is { } first)
        {
            throw new StageException(
                "PM7506", $"{package.Id} is not taken from remote `{own}`: `{first}` comes before it and may have the name, but was not pulled yet",
                $"pm pull {first}");
        }
    }

    /// <summary>
    /// The remotes whose lists nobody vouches for any more: what is new there may be kept from this machine. Where a pull is refused or
    /// comes to nothing, this is how a freeze shows to who does not pull.
    /// </summary>
    /// <param name="now">The time of this run.</param>
    public ImmutableArray<ExpiredList> Expired(DateTimeOffset now) =>
        [.. _pulled.Select(p => new ExpiredList(p.Key, ExpiryOf(p.Value))).Where(list => list.Since is not { } since || since <= now)];

    static DateTimeOffset? ExpiryOf(PulledRepository repository)
    {
        try
        {
            return repository.Expires is var expires && expires > DateTimeOffset.MinValue ? expires : null;
        }
        catch (TrustException)
        {
            return null;
        }
    }

    /// <summary>The catalogue of a root; empty without one.</summary>
    /// <exception cref="PackageFormatException">PM2018: an index is damaged: what it leaves out could come from a remote it should not.</exception>
    /// <param name="root">Whose; null: of nothing.</param>
    /// <param name="remotes">Those of the root.</param>
    /// <param name="chosen">The remote of names for which somebody chose one.</param>
    public static Catalogue Load(Root? root, RemoteList remotes, IReadOnlyDictionary<PackageName, string>? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(remotes);
        if (root is null)
        {
            return Empty;
        }

        var mapped = ImmutableArray.CreateBuilder<(RemoteDefinition Remote, MappedIndex Index)>();
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
            foreach (var (_, index) in mapped)
            {
                index.Dispose();
            }

            throw;
        }

        return new Catalogue(mapped.ToImmutable(), [.. remotes.Remotes.Select(r => r.Name)], root, chosen);
    }

    /// <summary>Where the metadata of a remote is kept, byte for byte as it was signed.</summary>
    public static string MetadataDirectory(Root root, RemoteDefinition remote)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(remote);
        return Path.Join(root.StatePath, MetadataParent, remote.Name);
    }

    /// <summary>Ends the indexes: what was read stays, nothing more can be.</summary>
    public void Dispose()
    {
        foreach (var index in _mapped)
        {
            index.Dispose();
        }
    }

    /// <summary>What is installed stays with the remote that it came from: another that takes up its name does not get to update it.</summary>
    static Dictionary<PackageName, string> PinsOf(Root? root, ImmutableArray<string> order) => order.Length < 2
        ? []
        : (root!.Current?.Packages ?? []).Where(p => p.Remote is { } remote && order.Contains(remote)).ToDictionary(p => p.Id.Name, p => p.Remote!);
}
