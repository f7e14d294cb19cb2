using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution.Tests;

/// <summary>A small world of packages written as text: a line a version, <c>name version [yanked] : dep dep@1.0</c>.</summary>
sealed class Universe
{
    readonly Dictionary<PackageName, List<Candidate>> _versions = [];

    public Universe(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var halves = line.Split(':', StringSplitOptions.TrimEntries);
            var words = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var dependencies = halves.Length < 2 ? [] : halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Add(new Candidate(
                new PackageId(PackageName.Parse(words[0]), PackageVersion.Parse(words[1])),
                [.. dependencies.Select(d => Dependency.Parse(d))],
                words.Contains("yanked")));
        }
    }

    public IEnumerable<PackageName> Names => _versions.Keys;

    public IReadOnlyList<Candidate> Of(PackageName name) => _versions.TryGetValue(name, out var list) ? list : [];

    public ResolutionResult Resolve(params string[] asks) => Resolve(asks, []);

    public ResolutionResult Resolve(string[] asks, string[] kept)
    {
        var keptVersions = kept.Select(PackageId.Parse).ToDictionary(id => id.Name, id => id.Version);
        return Resolver.Resolve(new ResolutionInput
        {
            Asks = [.. asks.Select(a => new Ask(Dependency.Parse(a), AskReason.Named))],
            Candidates = Of,
            Kept = name => keptVersions.GetValueOrDefault(name),
        });
    }

    void Add(Candidate candidate)
    {
        if (!_versions.TryGetValue(candidate.Id.Name, out var list))
        {
            _versions[candidate.Id.Name] = list = [];
        }

        list.Add(candidate);
        list.Sort((a, b) => b.Id.Version.CompareTo(a.Id.Version));
    }
}
