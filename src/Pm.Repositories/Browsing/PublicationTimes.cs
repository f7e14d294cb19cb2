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

    readonly Dictionary<PackageId, DateTimeOffset> _times;

    /// <param name="packages">By name and version.</param>
    /// <param name="before">What was known of the state before.</param>
    /// <param name="publishedAt">Asks the file.</param>
    internal PublicationTimes(
        IReadOnlyList<PublishedTarget> packages, PublicationTimes? before, Func<PackageId, DateTimeOffset?> publishedAt)
    {
        _times = new Dictionary<PackageId, DateTimeOffset>(packages.Count);
        foreach (var target in packages)
        {
            var id = target.Package.Id;
            if ((before is not null && before._times.TryGetValue(id, out var known) ? known : publishedAt(id)) is { } time)
            {
                _times[id] = time;
            }
        }

        (Newest, Updated) = Recent(packages);
    }

    /// <summary>Names that were not there before, the latest first; each by its first version.</summary>
    public ImmutableArray<PublishedTarget> Newest { get; }

    /// <summary>Names that have a further version, the latest first; each by its latest.</summary>
    public ImmutableArray<PublishedTarget> Updated { get; }

    /// <summary>Null where nothing tells.</summary>
    public DateTimeOffset? Of(PackageId id) => _times.TryGetValue(id, out var time) ? time : null;

    (ImmutableArray<PublishedTarget> Newest, ImmutableArray<PublishedTarget> Updated) Recent(IReadOnlyList<PublishedTarget> packages)
    {
        var newest = new PriorityQueue<PublishedTarget, DateTimeOffset>();
        var updated = new PriorityQueue<PublishedTarget, DateTimeOffset>();
        foreach (var versions in Groups(packages))
        {
            var dated = versions.Where(target => !target.Package.IsYanked && _times.ContainsKey(target.Package.Id)).ToList();
            if (dated.Count == 0)
            {
                continue;
            }

            Keep(newest, dated.MinBy(TimeOf)!);
            if (versions.Count > 1 && dated.MaxBy(TimeOf) is { } latest && TimeOf(latest) > versions.Min(TimeOf))
            {
                Keep(updated, latest);
            }
        }

        return (Drain(newest), Drain(updated));
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

    static IEnumerable<ArraySegment<PublishedTarget>> Groups(IReadOnlyList<PublishedTarget> packages)
    {
        var all = packages as PublishedTarget[] ?? [.. packages];
        for (var start = 0; start < all.Length;)
        {
            var end = start + 1;
            while (end < all.Length && all[end].Package.Name == all[start].Package.Name)
            {
                end++;
            }

            yield return new ArraySegment<PublishedTarget>(all, start, end - start);
            start = end;
        }
    }
}
