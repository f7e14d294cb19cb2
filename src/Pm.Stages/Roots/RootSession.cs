using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Remotes.Http;
using Pm.Stages.Hooks;
using Pm.Storage;

namespace Pm.Stages.Roots;

/// <summary>A root with all that an operation on it needs: its store, its remotes, what they offer, and the right to change it.</summary>
public sealed class RootSession : IDisposable
{
    readonly Fetchers _fetchers;
    readonly Dictionary<RemoteDefinition, RepositoryClient> _clients = [];

    Catalogue? _catalogue;
    IReadOnlyDictionary<PackageName, string>? _chosen;
    RemoteList? _remotes;

    Store? _store;

    RootSession(Root root, Store? store, RootWriter? writer, Func<HttpSettings> http)
    {
        Root = root;
        _store = store;
        _fetchers = new Fetchers(http);
        Writer = writer;
    }

    public Root Root { get; }

    /// <summary>Downloads that broke off: who may change the root goes on with them.</summary>
    public PartialFiles Partials => new(Path.Join(Root.Path, Root.CacheDirectory, "partial"));

    /// <summary>Where a script of a package lies while it runs.</summary>
    internal string HookDirectory => Path.Join(Root.Path, Root.CacheDirectory, "hooks");

    /// <summary>Its store, opened when first asked for.</summary>
    /// <exception cref="StoreException">PM4020: there is none.</exception>
    public Store Store => _store ??= Store.Open(Root.Settings.StorePath);

    /// <summary>The right to change the root; null when the session only looks.</summary>
    public RootWriter? Writer { get; }

    /// <summary>The configured remotes, read when first asked for.</summary>
    public RemoteList Remotes
    {
        get => _remotes ??= RemoteList.Load(Root);
        private set => _remotes = value;
    }

    /// <summary>What the remotes offer, read when first asked for.</summary>
    public Catalogue Catalogue => _catalogue ??= Catalogue.Load(Root, Remotes, _chosen);

    /// <summary>Opens a root to look at it; null when pm never wrote there.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="http">How its remotes are spoken to; asked when the first one is.</param>
    public static RootSession? TryOpen(string path, Func<HttpSettings>? http = null) =>
        Root.TryOpen(path) is { } root ? new RootSession(root, null, null, http ?? (() => new HttpSettings())) : null;

    /// <summary>Opens a root to change it, made first when it is missing. Waits for other writers.</summary>
    public static RootSession OpenForChange(RootPlace place, WriterOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(place);
        var root = Root.OpenOrCreate(place.Path, place.Settings);
        Store? store = null;
        try
        {
            store = Store.OpenOrCreate(root.Settings.StorePath);
            var session = new RootSession(root, store, RootWriter.Open(root, store, options, cancellation), place.Http);
            HookRunner.ClearLeftovers(session.HookDirectory);
            RemoteLeftovers.Clear(session);
            return session;
        }
        catch
        {
            store?.Dispose();
            root.Dispose();
            throw;
        }
    }

    /// <summary>The right to change the root.</summary>
    /// <exception cref="InvalidOperationException">The session only looks.</exception>
    public RootWriter RequireWriter() =>
        Writer ?? throw new InvalidOperationException("the session was opened to look, not to change");

    /// <summary>The client of a remote, which ends with the session.</summary>
    /// <exception cref="RemoteException">PM6002: a kind that cannot be fetched from; PM6003: not readable.</exception>
    public RepositoryClient Client(RemoteDefinition remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (!_clients.TryGetValue(remote, out var client))
        {
            client = new RepositoryClient(remote.Name, _fetchers.Open(remote), Catalogue.MetadataDirectory(Root, remote))
            {
                IsNear = remote.IsNear,
                MostRequests = _fetchers.MostRequests,
                Partials = Writer is null ? null : Partials,
            };
            _clients.Add(remote, client);
        }

        return client;
    }

    /// <summary>Which place of a remote gave the last file; null where none did.</summary>
    public string? LastSource(RemoteDefinition remote) => _clients.GetValueOrDefault(remote)?.LastSource;

    /// <summary>Puts another list of remotes in place of the present one, durably.</summary>
    public void Change(RemoteList remotes)
    {
        ArgumentNullException.ThrowIfNull(remotes);
        remotes.Save(RequireWriter());
        Remotes = remotes;
        ForgetCatalogue();
    }

    /// <summary>From here on these names come from these remotes, whichever else have them.</summary>
    public void Choose(IReadOnlyDictionary<PackageName, string> remotes)
    {
        _chosen = remotes;
        ForgetCatalogue();
    }

    /// <summary>Forgets what was read of the remotes: a pull has changed it.</summary>
    public void ForgetCatalogue()
    {
        _catalogue?.Dispose();
        _catalogue = null;
    }

    /// <summary>Makes the root of a remote the one to start from. What an earlier one vouched for goes first.</summary>
    public void Trust(RemoteDefinition remote, OfferedRoot root)
    {
        ForgetCatalogue();
        new RootIndexes(RequireWriter().Root).Remove(remote.Name);
        Client(remote).Trust(root);
    }

    public void Dispose()
    {
        ForgetCatalogue();
        Writer?.Dispose();
        _store?.Dispose();
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        _fetchers.Dispose();
        Root.Dispose();
    }
}
