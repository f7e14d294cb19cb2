using System.Collections.Immutable;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Remotes;
using Pm.Stages.Pulling;
using Pm.Stages.Roots;
using Pm.Trust.Tuf;

namespace Pm.Stages.Projects;

/// <summary>
/// The remotes of a project, in its own root: those of its manifest, else those of its lockfile, else those of the user's root. Each
/// starts from a root of trust that somebody named: in the manifest or lockfile, or by adding the remote to the user's root.
/// </summary>
/// <param name="project">Whose.</param>
/// <param name="session">Of the project's root, opened to change it.</param>
/// <param name="outer">Of the user's root; null: there is none.</param>
public sealed class ProjectRemotes(Project project, RootSession session, RootSession? outer)
{
    /// <summary>Whether a remote that nobody vouches for may be trusted as it shows itself now.</summary>
    public bool TrustsFirstUse { get; init; }

    /// <summary>Told of each root that was trusted because it was shown.</summary>
    public Action<RemoteDefinition, OfferedRoot>? Shown { get; init; }

    /// <summary>Brings the list of the project's root up to date.</summary>
    /// <returns>As the lockfile names them.</returns>
    /// <exception cref="StageException">PM7213: nobody vouches for one.</exception>
    /// <exception cref="RemoteException">One cannot be read.</exception>
    public async Task<ImmutableArray<LockedRemote>> PrepareAsync(CancellationToken cancellation)
    {
        var wanted = Wanted();
        var locked = ImmutableArray.CreateBuilder<LockedRemote>();
        foreach (var (remote, fingerprint) in wanted)
        {
            locked.Add(new LockedRemote(remote.Name, TextOf(remote), await EnsureTrustAsync(remote, fingerprint, cancellation)));
        }

        var before = session.Remotes.Remotes;
        if (before.Length != wanted.Count || !before.Zip(wanted).All(p => IsSame(p.First, p.Second.Remote)))
        {
            var list = session.Remotes.Remotes.Aggregate(session.Remotes, (rest, remote) => rest.Without(remote.Name));
            session.Change(wanted.Aggregate(list, (all, next) => all.With(next.Remote)));
        }

        session.Choose(Chosen(wanted));
        return locked.ToImmutable();
    }

    /// <summary>Asks them what they offer. One that cannot be reached is no failure while its last list is vouched for.</summary>
    /// <param name="isOffline">Asks only those of which nothing is known, and that are on this machine.</param>
    /// <param name="now">The one time against which all metadata is held.</param>
    /// <param name="observer">Told what is in hand.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Those that failed.</returns>
    public async Task<IReadOnlyList<RemotePull>> PullAsync(bool isOffline, DateTimeOffset now, StageObserver observer, CancellationToken cancellation)
    {
        var asked = session.Remotes.Remotes.Where(r => !isOffline || r.IsNear).ToList();
        var pulls = await RemotePull.RunAsync(session, asked, now, observer, cancellation);
        var expired = session.Catalogue.Expired(now).Select(e => e.Remote).ToHashSet();
        foreach (var pull in pulls.Where(p => p.Failure is not null))
        {
            if (expired.Contains(pull.Remote.Name) || session.Catalogue.StateOf(pull.Remote.Name) is null || pull.Failure is Trust.TrustException)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(pull.Failure!);
            }
        }

        return [.. pulls.Where(p => p.Failure is not null)];
    }

    /// <summary>No comparer: one made by <c>EqualityComparer.Create</c>, for whatever type, has every start of the executable make an object for each type that is ever compared.</summary>
    static bool IsSame(RemoteDefinition a, RemoteDefinition b) => a.Name == b.Name && a.Url == b.Url && a.IsPlain == b.IsPlain && a.Mirrors.SequenceEqual(b.Mirrors);

    List<(RemoteDefinition Remote, string? Fingerprint)> Wanted()
    {
        if (!project.Manifest.Remotes.IsEmpty)
        {
            return [.. project.Manifest.Remotes.Select(r => (WithOuter(r.Name, RemoteUrl.Parse(r.Url, project.Directory)), r.Root ?? LockedRoot(r.Name, r.Url)))];
        }

        if (project.Locked is { Remotes: { IsEmpty: false } locked })
        {
            return [.. locked.Select(r => (WithOuter(r.Name, RemoteUrl.Parse(r.Url, project.Directory)) with { IsPlain = r.Root is null }, r.Root))];
        }

        return [.. (outer?.Remotes.Remotes ?? []).Select(r => (r, (string?)null))];
    }

    string? LockedRoot(string name, string url) => project.Locked?.Remotes.FirstOrDefault(r => r.Name == name && r.Url == url)?.Root;

    /// <summary>Mirrors are a matter of this machine.</summary>
    RemoteDefinition WithOuter(string name, RemoteUrl url) => new(name, url)
    {
        Mirrors = OuterOf(url)?.Mirrors ?? [],
        IsPlain = OuterOf(url)?.IsPlain ?? false,
    };

    RemoteDefinition? OuterOf(RemoteUrl url) => outer?.Remotes.Remotes.FirstOrDefault(r => r.Url == url);

    /// <summary>A path as the manifest has it, so that it means the same on every machine.</summary>
    string TextOf(RemoteDefinition remote) => project.Manifest.Remotes.FirstOrDefault(r => r.Name == remote.Name)?.Url
        ?? project.Locked?.Remotes.FirstOrDefault(r => r.Name == remote.Name && RemoteUrl.Parse(r.Url, project.Directory) == remote.Url)?.Url
        ?? remote.Url.Text;

    async Task<string?> EnsureTrustAsync(RemoteDefinition remote, string? fingerprint, CancellationToken cancellation)
    {
        if (remote.IsPlain)
        {
            return null;
        }

        var client = session.Client(remote);
        var isSame = session.Remotes.Find(remote.Name) is { } there && there.Url == remote.Url;
        if (isSame && client.KeptRoot() is { } kept)
        {
            return fingerprint ?? LockedRoot(remote.Name, TextOf(remote)) ?? kept.Fingerprint.ToString();
        }

        var root = fingerprint is not null && RootFingerprint.TryParse(fingerprint, out var expected)
            ? await client.FindRootAsync(expected, cancellation)
            : OuterRoot(remote) ?? await ShownAsync(remote, client, cancellation);
        session.Trust(remote, root);
        return fingerprint ?? root.Fingerprint.ToString();
    }

    OfferedRoot? OuterRoot(RemoteDefinition remote) => OuterOf(remote.Url) is { } same ? outer!.Client(same).KeptRoot() : null;

    async Task<OfferedRoot> ShownAsync(RemoteDefinition remote, RepositoryClient client, CancellationToken cancellation)
    {
        var root = await client.OfferRootAsync(cancellation);
        if (!TrustsFirstUse)
        {
            throw new StageException(
                "PM7213", $"nobody vouches for remote `{remote.Name}` ({remote.Url}): it shows the root fingerprint {root.Fingerprint}",
                $"when that is what its keeper told you: `root = \"{root.Fingerprint}\"` in [remotes], or `pm remote add --fingerprint {root.Fingerprint} {remote.Url}`");
        }

        Shown?.Invoke(remote, root);
        return root;
    }

    /// <summary>What the manifest says of single names; each has to be the name of a remote.</summary>
    Dictionary<Packages.PackageName, string> Chosen(List<(RemoteDefinition Remote, string? Fingerprint)> wanted)
    {
        var chosen = new Dictionary<Packages.PackageName, string>();
        foreach (var dependency in project.Manifest.Dependencies)
        {
            if (dependency.Source is RemoteSource { Remote: { } name })
            {
                chosen[dependency.Name] = wanted.Any(w => w.Remote.Name == name)
                    ? name
                    : throw project.Manifest.Document.Fault("PM7214", $"there is no remote `{name}`{(wanted.Count == 0 ? ", and no other" : $"; there are {string.Join(", ", wanted.Select(w => w.Remote.Name))}")}", dependency.Key);
            }
        }

        return chosen;
    }
}
