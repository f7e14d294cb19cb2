using System.Collections.Immutable;
using System.Globalization;
using Pm.Packages;
using Xunit;

namespace Pm.Resolution.Tests;

/// <summary>A case file: an index, what is wanted, what has to come of it. Source: cases/README.md.</summary>
sealed class Case
{
    readonly List<string> _given = [];
    readonly List<string> _index = [];
    readonly ImmutableArray<Ask>.Builder _asks = ImmutableArray.CreateBuilder<Ask>();
    readonly Dictionary<(string Tree, PackageName Name), PackageVersion> _kept = [];
    readonly Dictionary<PackageName, Candidate> _overrides = [];
    readonly SortedSet<string> _touched = new(StringComparer.Ordinal);
    ResolutionInput _options = new() { Asks = [], Candidates = _ => CandidateList.Empty };
    DateTimeOffset _now;

    Case()
    {
    }

    /// <summary>What the file expects.</summary>
    public string Expected { get; private set; } = "";

    /// <summary>Everything that is not expected but given.</summary>
    public string Given => string.Join('\n', _given);

    public static Case Parse(string text)
    {
        var made = new Case();
        var expected = new List<string>();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()))
        {
            if (line.Length > 0 && line[0] is '=' or '!' or '~' or '*')
            {
                expected.Add(line);
                continue;
            }

            made._given.Add(line);
            made.Take(line);
        }

        made.Expected = string.Join('\n', expected);
        return made;
    }

    /// <summary>Resolves it, as the expectation is written.</summary>
    public string Run()
    {
        var universe = new Universe(_index);
        var result = Resolver.Resolve(_options with
        {
            Asks = _asks.ToImmutable(),
            Candidates = name =>
            {
                Assert.True(_touched.Add(name.Text), $"{name} was asked for twice");
                return CandidateList.Of(universe.Of(name));
            },
            Kept = name => _kept.GetValueOrDefault(("", name)),
            KeptApart = (tree, name) => _kept.GetValueOrDefault((tree, name)),
            Overrides = name => _overrides.GetValueOrDefault(name),
            Suggestions = name => [.. universe.Names.Where(n => n.Text[0] == name.Text[0]).Order()],
        });
        return string.Join('\n', Lines(result).Append($"* {string.Join(' ', _touched)}"));
    }

    static IEnumerable<string> Lines(ResolutionResult result) => result switch
    {
        ResolutionResult.Solved solved => solved.Packages.Select(Line),
        ResolutionResult.Conflict conflict =>
            [$"! {conflict.Code}: {conflict.Message}", .. conflict.Because.Select(b => $"!   {b}"), .. conflict.Hint is null ? [] : new[] { $"~ {conflict.Hint}" }],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static string Line(Selection selection)
    {
        var equivalents = selection.Equivalents.IsEmpty ? "" : $" is {string.Join(", ", selection.Equivalents)}";
        var tree = selection.Tree.Length == 0 ? "" : $" for {selection.Tree}";
        return $"= {selection.Id}{equivalents}{tree}{(selection.IsAsked ? " asked" : "")}{(selection.RequiredBy.IsEmpty ? "" : $" by {string.Join(", ", selection.RequiredBy)}")}";
    }

    void Take(string line)
    {
        var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        switch (words[0])
        {
            case "?" or "?pinned" or "?installed" or "?project":
                var reason = words[0] switch { "?pinned" => AskReason.Pinned, "?installed" => AskReason.Installed, "?project" => AskReason.Manifest, _ => AskReason.Named };
                _asks.AddRange(words[1].Split(';', StringSplitOptions.TrimEntries).Select(n => new Ask(Universe.ParseNeed(n), reason)));
                break;
            case "keep":
                var kept = words[1].Split(" for ");
                var id = PackageId.Parse(kept[0]);
                _kept.Add((kept.ElementAtOrDefault(1) ?? "", id.Name), id.Version);
                break;
            case "override":
                var only = Universe.ParseCandidate(words[1]);
                _overrides.Add(only.Id.Name, only);
                break;
            case "option":
                Option(words[1].Split(' '));
                break;
            default:
                _index.Add(line);
                break;
        }
    }

    void Option(string[] words) => _options = words switch
    {
        ["minimal"] => _options with { Choice = VersionChoice.Minimal },
        ["apart"] => _options with { PrivateNeeds = PrivateNeeds.Apart },
        ["acyclic"] => _options with { AllowsCycles = false },
        ["conflicts", var most] => _options with { MaximumConflicts = int.Parse(most, CultureInfo.InvariantCulture) },
        ["now", var day] when (_now = DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)) != default => _options,
        ["age", var days, .. var exempt] => _options with
        {
            MinimumAge = new MinimumAge(_now, TimeSpan.FromDays(int.Parse(days, CultureInfo.InvariantCulture))) { Exempt = [.. exempt.Select(PackageName.Parse)] },
        },
        _ => throw new FormatException(string.Join(' ', words)),
    };
}
