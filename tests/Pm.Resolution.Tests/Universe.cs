using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Resolution.Tests;

/// <summary>A small world of packages written as text, a line a version: <c>name version [yanked] [same=X] [published=2026-01-31] : need; need</c>.</summary>
/// <remarks>A need is <c>lib</c>, <c>lib@1.0</c>, <c>lib ^1.2</c>, each perhaps after <c>private</c>.</remarks>
sealed class Universe
{
    readonly Dictionary<PackageName, List<Candidate>> _versions = [];

    public Universe(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Add(ParseCandidate(line));
        }
    }

    public IEnumerable<PackageName> Names => _versions.Keys;

    public IReadOnlyList<Candidate> Of(PackageName name) => _versions.TryGetValue(name, out var list) ? list : [];

    public static Need ParseNeed(string text)
    {
        var isPrivate = text.StartsWith("private ", StringComparison.Ordinal);
        var words = (isPrivate ? text["private ".Length..] : text).Trim().Split(' ', 2);
        return words.Length == 1
            ? Need.Of(Dependency.Parse(words[0])) with { IsPrivate = isPrivate }
            : new Need(PackageName.Parse(words[0]), VersionRequirement.Parse(words[1])) { IsPrivate = isPrivate };
    }

    public static Candidate ParseCandidate(string line)
    {
        var halves = line.Split(" :", 2, StringSplitOptions.TrimEntries);
        var words = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var needs = halves.Length < 2 ? [] : halves[1].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Candidate(new PackageId(PackageName.Parse(words[0]), PackageVersion.Parse(words[1])), [.. needs.Select(ParseNeed)], words.Contains("yanked"))
        {
            Equivalence = Word("same="),
            Fault = Word("fault="),
            Published = Word("published=") is { } day ? DateTimeOffset.Parse(day, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal) : null,
        };

        string? Word(string key) => words.FirstOrDefault(w => w.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
    }

    void Add(Candidate candidate)
    {
        if (!_versions.TryGetValue(candidate.Id.Name, out var list))
        {
            _versions[candidate.Id.Name] = list = [];
        }

        list.Add(candidate);
    }
}
