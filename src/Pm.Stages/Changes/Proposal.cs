using System.Collections.Immutable;
using Pm.Packages.Index;
using Pm.Resolution;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>What would become of a root, package by package. Nothing was fetched or changed to find out.</summary>
public sealed class Proposal
{
    internal Proposal(Generation? from, ImmutableArray<ProposedPackage> packages)
    {
        From = from;
        Packages = packages;
        var old = from?.Packages.ToDictionary(p => p.Id.Name) ?? [];
        var changes = ImmutableArray.CreateBuilder<ProposedChange>();
        foreach (var package in packages)
        {
            changes.Add(new ProposedChange(old.GetValueOrDefault(package.Id.Name), package));
            old.Remove(package.Id.Name);
        }

        changes.AddRange(old.Values.Select(p => new ProposedChange(p, null)));
        changes.RemoveAll(c => c.Verb == "keep");
        changes.Sort((a, b) => a.Name.CompareTo(b.Name));
        Changes = changes.ToImmutable();
    }

    /// <summary>The generation it starts from; null: the first.</summary>
    public Generation? From { get; }

    /// <summary>All packages that the root would hold, sorted by name.</summary>
    public ImmutableArray<ProposedPackage> Packages { get; }

    /// <summary>What would differ, sorted by name.</summary>
    public ImmutableArray<ProposedChange> Changes { get; }

    /// <summary>What remotes say of the packages that would come from them.</summary>
    public ImmutableArray<AvailablePackage> Offers => [.. Packages.Select(p => p.Available).OfType<AvailablePackage>()];

    /// <summary>Whether it depends on what remotes offer.</summary>
    public bool NeedsOffers { get; init; } = true;

    /// <summary>The remotes whose lists it went by though nobody vouches for them any more.</summary>
    public ImmutableArray<ExpiredList> ExpiredIn(RootSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return NeedsOffers ? session.Catalogue.Expired(now) : [];
    }

    /// <summary>
    /// Refuses what would come in by a list that nobody vouches for any more: whoever stands between could keep serving an old state with
    /// known holes. What other remotes give, and what is here already, is not affected (docs/adr/0014).
    /// </summary>
    /// <exception cref="StageException">PM7507.</exception>
    public void RequireVouched(RootSession session, DateTimeOffset now)
    {
        var expired = ExpiredIn(session, now);
        foreach (var package in Packages.Where(p => p.Installed is null))
        {
            if (package.Available is { Remote: { } remote } offer && expired.FirstOrDefault(list => list.Remote == remote) is { } list)
            {
                throw new StageException(
                    "PM7507", $"{offer.Id} is not taken from remote `{remote}`: {list.Describe(now)}: newer versions may be kept from this machine (freeze attack refused)",
                    $"`pm pull {remote}`; with --offline the list is gone by, and its age is said");
            }
        }
    }

    /// <summary>Whether everything is already as asked.</summary>
    public bool IsEmpty => Changes.IsEmpty;
}

/// <summary>A proposal, or why there is none.</summary>
public abstract record ProposalResult
{
    private protected ProposalResult()
    {
    }

    /// <summary>It can be done, as far as names and versions go.</summary>
    public sealed record Possible(Proposal Proposal) : ProposalResult;

    /// <summary>Demands contradict each other.</summary>
    public sealed record Impossible(ResolutionResult.Conflict Conflict) : ProposalResult;
}
