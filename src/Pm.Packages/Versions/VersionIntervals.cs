using System.Collections.Immutable;

namespace Pm.Packages.Versions;

/// <summary>Intervals of the total order of versions: ascending, none empty, none touching the next; so equal sets are alike.</summary>
public sealed class VersionIntervals : IEquatable<VersionIntervals>
{
    VersionIntervals(ImmutableArray<VersionInterval> items) => Items = items;

    /// <summary>No version.</summary>
    public static VersionIntervals None { get; } = new([]);

    /// <summary>Every version.</summary>
    public static VersionIntervals All { get; } = new([new VersionInterval(VersionCut.Start, VersionCut.End)]);

    public ImmutableArray<VersionInterval> Items { get; }

    public bool IsEmpty => Items.IsEmpty;

    /// <summary>What lies in any of <paramref name="intervals"/>.</summary>
    public static VersionIntervals Of(IEnumerable<VersionInterval> intervals)
    {
        var merged = new List<VersionInterval>();
        foreach (var next in intervals.Where(i => !i.IsEmpty).OrderBy(i => i.Start))
        {
            if (merged is [.., var last] && next.Start <= last.End)
            {
                merged[^1] = last with { End = next.End > last.End ? next.End : last.End };
            }
            else
            {
                merged.Add(next);
            }
        }

        return new VersionIntervals([.. merged]);
    }

    public VersionIntervals Union(VersionIntervals other) => Of(Items.Concat(other.Items));

    public VersionIntervals Intersect(VersionIntervals other)
    {
        var both = ImmutableArray.CreateBuilder<VersionInterval>();
        for (int left = 0, right = 0; left < Items.Length && right < other.Items.Length;)
        {
            var (one, two) = (Items[left], other.Items[right]);
            var start = one.Start > two.Start ? one.Start : two.Start;
            var end = one.End < two.End ? one.End : two.End;
            if (start < end)
            {
                both.Add(new VersionInterval(start, end));
            }

            if (one.End < two.End)
            {
                left++;
            }
            else
            {
                right++;
            }
        }

        return new VersionIntervals(both.DrainToImmutable());
    }

    public VersionIntervals Complement()
    {
        var gaps = ImmutableArray.CreateBuilder<VersionInterval>();
        var start = VersionCut.Start;
        foreach (var item in Items)
        {
            gaps.Add(new VersionInterval(start, item.Start));
            start = item.End;
        }

        gaps.Add(new VersionInterval(start, VersionCut.End));
        gaps.RemoveAll(gap => gap.IsEmpty);
        return new VersionIntervals(gaps.DrainToImmutable());
    }

    public bool Contains(PackageVersion version)
    {
        foreach (var item in Items)
        {
            if (item.Contains(version))
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(VersionIntervals? other) => other is not null && Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => Equals(obj as VersionIntervals);

    public override int GetHashCode() => Items.Length;
}
