using Pm.Packages;

namespace Pm.Resolution.Tests;

/// <summary>Tries every choice of versions. The oracle: slow, and too simple to be wrong.</summary>
sealed class BruteForce(IReadOnlyDictionary<PackageName, IReadOnlyList<Candidate>> index, IReadOnlyList<Need> asks)
{
    /// <summary>Whether a version may be chosen at all, given the others.</summary>
    public Func<Candidate, IReadOnlyDictionary<PackageName, Candidate>, bool> MayBe { get; init; } = (_, _) => true;

    /// <summary>Whether any choice fits.</summary>
    public bool IsSolvable() => Try([], new Queue<Need>(asks));

    /// <summary>Whether the chosen ones fit each other and the asks.</summary>
    public bool IsValid(IReadOnlyDictionary<PackageName, Candidate> chosen) =>
        asks.Concat(chosen.Values.SelectMany(c => c.Needs)).All(n => chosen.TryGetValue(n.Name, out var there) && n.Versions.Contains(there.Id.Version))
        && chosen.Values.All(c => MayBe(c, chosen));

    bool Try(Dictionary<PackageName, Candidate> chosen, Queue<Need> open)
    {
        if (!open.TryDequeue(out var need))
        {
            return IsValid(chosen);
        }

        if (chosen.TryGetValue(need.Name, out var there))
        {
            return need.Versions.Contains(there.Id.Version) && Try(chosen, open);
        }

        foreach (var candidate in index.GetValueOrDefault(need.Name, []).Where(c => need.Versions.Contains(c.Id.Version)))
        {
            var next = new Dictionary<PackageName, Candidate>(chosen) { [need.Name] = candidate };
            if (Try(next, new Queue<Need>(open.Concat(candidate.Needs))))
            {
                return true;
            }
        }

        return false;
    }
}
