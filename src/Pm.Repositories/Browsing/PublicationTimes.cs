using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Repositories.Browsing;

/// <summary>
/// When what was published, as far as the times of the files tell: a version never changes, so its file is as old as it
/// is. What was known of the state before is not asked again.
/// </summary>
public sealed class PublicationTimes
{
    /// <summary>How many are kept of the newest and of the updated.</summary>
    public const int MaximumRecent = 20;

    readonly Dictionary<PackageId, DateTimeOffset> _times = [];

    /// <param name="names">The versions of each name.</param>
    /// <param name="before">What was known of the state before.</param>
    /// <param name="publishedAt">Asks the file.</param>
    internal PublicationTimes(
        IEnumerable<IReadOnlyList<PublishedTarget>> names, PublicationTimes? before, Func<PackageId, DateTimeOffset?> publishedAt)
    {
        var newest = new PriorityQueue<PublishedTarget, DateTimeOffset>();
        var updated = new PriorityQueue<PublishedTarget, DateTimeOffset>();
        foreach (var versions in names)
        {
            foreach (var id in versions.Select(target => target.Package.Id))
            {
                if ((before is not null && before._times.TryGetValue(id, out var known) ? known : publishedAt(id)) is { } time)
                {
                    _times[id] = time;
                }
            }

            Take(versions, newest, updated);
        }

        (Newest, Updated) = (Drain(newest), Drain(updated));
    }

    /// <summary>Names that were not there before, the latest first; each by its first version.</summary>
    public ImmutableArray<PublishedTarget> Newest { get; }

    /// <summary>Names that have a further version, the latest first; each by its latest.</summary>
    public ImmutableArray<PublishedTarget> Updated { get; }

    /// <summary>Null where nothing tells.</summary>
    public DateTimeOffset? Of(PackageId id) => _times.TryGetValue(id, out var time) ? time : null;

    void Take(
        IReadOnlyList<PublishedTarget> versions,
        PriorityQueue<PublishedTarget, DateTimeOffset> newest,
        PriorityQueue<PublishedTarget, DateTimeOffset> updated)
    {
        var dated = versions.Where(target => !target.Package.IsYanked && _times.ContainsKey(target.Package.Id)).ToList();
        if (dated.Count == 0)
        {
            return;
        }

        Keep(newest, dated.MinBy(TimeOf)!);
        if (versions.Count > 1 && dated.MaxBy(TimeOf) is { } latest && TimeOf(latest) > versions.Min(TimeOf))
        {
            Keep(updated, latest);
        }
    }

    DateTimeOffset TimeOf(PublishedTarget target) => _times.GetValueOrDefault(target.Package.Id, DateTimeOffset.MaxValue);

    void Keep(PriorityQueue<PublishedTarget, DateTimeOffset> kept, PublishedTarget target)
    {
        if (kept.Count < MaximumRecent)
        {
            kept.Enqueue(target, TimeOf(target));
        }
        else
        {
            kept.EnqueueDequeue(target, TimeOf(target));
        }
    }

    ImmutableArray<PublishedTarget> Drain(PriorityQueue<PublishedTarget, DateTimeOffset> kept) =>
        [.. kept.UnorderedItems.Select(item => item.Element).OrderByDescending(TimeOf).ThenBy(target => target.Package.Id)];
}
