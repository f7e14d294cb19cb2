using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Resolution.Solving;

/// <summary>A package as the search sees it: a variable whose values are "not there" and its versions, newest first.</summary>
/// <remarks>Versions that are one share a value; it is called by the newest of them that is not yanked.</remarks>
sealed class PackageVariable
{
    readonly ICandidates _candidates;
    readonly int[] _labels;
    readonly int[]? _valueOf;
    readonly Candidate?[] _read;
    readonly Dictionary<VersionRequirement, VersionBits> _fulfilling = [];

    public PackageVariable(int number, PackageName name, string tree, ImmutableArray<PackageName> owners, ICandidates candidates)
    {
        (Number, Name, Tree, Owners, _candidates) = (number, name, tree, owners, candidates);
        (_labels, _valueOf) = candidates.HasEquivalents ? Merge(candidates) : (Enumerable.Range(0, candidates.Count).ToArray(), null);
        _read = new Candidate?[_labels.Length];
        Yanked = VersionBits.Where(Length, v => v > 0 && candidates.IsYanked(_labels[v - 1]));
        PreReleases = VersionBits.Where(Length, v => v > 0 && candidates.IsPreRelease(_labels[v - 1]));
        NeedsAdded = VersionBits.None(Length);
        Versions = VersionBits.Range(Length, 1, Length);
    }

    /// <summary>Its number in the search.</summary>
    public int Number { get; }

    public PackageName Name { get; }

    /// <summary>Whose alone it is; see <see cref="Selection.Tree"/>.</summary>
    public string Tree { get; }

    /// <summary>The dependents that <see cref="Tree"/> names.</summary>
    public ImmutableArray<PackageName> Owners { get; }

    /// <summary>How many values there are, "not there" counted.</summary>
    public int Length => _labels.Length + 1;

    /// <summary>All values but "not there".</summary>
    public VersionBits Versions { get; }

    public VersionBits Yanked { get; }

    public VersionBits PreReleases { get; }

    /// <summary>The versions whose needs the search knows.</summary>
    public VersionBits NeedsAdded { get; set; }

    /// <summary>Lower is decided earlier: how far it is from what was asked for, at first.</summary>
    public int Order { get; set; }

    /// <summary>How many conflicts it had a part in.</summary>
    public int Conflicts { get; set; }

    /// <summary>The number of the decision that chose it; only the search knows whether that still stands.</summary>
    public int DecidedAt { get; set; }

    /// <summary>How often something had been taken back when all that is known of it was last looked at.</summary>
    public int LookedAt { get; set; }

    /// <summary>The value to keep while nothing speaks against it; 0: none.</summary>
    public int Kept { get; private set; }

    /// <summary>Takes note of the version to keep, under the label that it has.</summary>
    public void Keep(PackageVersion? version)
    {
        var at = version is null ? -1 : _candidates.IndexOf(version);
        Kept = at < 0 ? 0 : ValueOf(at);
        if (Kept > 0)
        {
            _labels[Kept - 1] = at;
        }
    }

    /// <summary>Whether versions have a time of publication.</summary>
    public bool HasTimes => _candidates.HasTimes;

    public PackageVersion Version(int value) => _candidates.Version(_labels[value - 1]);

    public DateTimeOffset? Published(int value) => _candidates.Published(_labels[value - 1]);

    /// <summary>Reads all about a version.</summary>
    public Candidate Candidate(int value) => _read[value - 1] ??= _candidates[_labels[value - 1]];

    /// <summary>The value of the version that is written so; 0: there is none.</summary>
    public int ValueOf(PackageVersion version) => _candidates.IndexOf(version) is var at and >= 0 ? ValueOf(at) : 0;

    /// <summary>The other labels of a version.</summary>
    public ImmutableArray<PackageVersion> Equivalents(int value) => _valueOf is null ? [] :
        [.. Enumerable.Range(0, _valueOf.Length).Where(i => _valueOf[i] == value && i != _labels[value - 1]).Select(_candidates.Version)];

    /// <summary>The values of the versions that will do.</summary>
    public VersionBits Fulfilling(VersionRequirement requirement)
    {
        if (!_fulfilling.TryGetValue(requirement, out var values))
        {
            _fulfilling.Add(requirement, values = requirement.IsAny ? Versions
                : requirement.Exact is { } exact ? Exactly(exact)
                : Among(requirement.Versions));
        }

        return values;
    }

    VersionBits Exactly(PackageVersion version) =>
        ValueOf(version) is var value and > 0 ? VersionBits.One(Length, value) : VersionBits.None(Length);

    VersionBits Among(VersionSet set)
    {
        if (_valueOf is null)
        {
            return (Within(set.Releases) - PreReleases) | (Within(set.PreReleases) & PreReleases);
        }

        // What any of its labels fulfils: each is looked at.
        var fulfilling = Enumerable.Range(0, _candidates.Count).Where(at => set.Contains(_candidates.Version(at))).Select(ValueOf).ToHashSet();
        return VersionBits.Where(Length, fulfilling.Contains);
    }

    VersionBits Within(VersionIntervals intervals)
    {
        var values = VersionBits.None(Length);
        foreach (var interval in intervals.Items)
        {
            values |= VersionBits.Range(Length, FirstNotAfter(interval.End) + 1, FirstNotAfter(interval.Start) + 1);
        }

        return values;
    }

    /// <summary>The newest candidate that does not lie after a cut; only those that halving meets are looked at.</summary>
    int FirstNotAfter(VersionCut cut)
    {
        var (low, high) = (0, _candidates.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cut.IsBefore(_candidates.Version(middle)))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    int ValueOf(int candidate) => _valueOf is null ? candidate + 1 : _valueOf[candidate];

    static (int[] Labels, int[] ValueOf) Merge(ICandidates candidates)
    {
        var labels = new List<int>();
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        var valueOf = new int[candidates.Count];
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates[i].Equivalence is not { } same || !values.TryGetValue(same, out var value))
            {
                labels.Add(i);
                value = labels.Count;
                values.TryAdd(candidates[i].Equivalence ?? $"\0{i}", value);
            }
            else if (candidates.IsYanked(labels[value - 1]) && !candidates.IsYanked(i))
            {
                labels[value - 1] = i;
            }

            valueOf[i] = value;
        }

        return ([.. labels], valueOf);
    }
}
