using System.Collections.Immutable;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>Decides which programs of an object are to be loaded, given those that were refused so far: of programs that do the same only the first that is left, and of all others what is wanted unless it says not.</summary>
sealed class FallbackSearch
{
    readonly ImmutableArray<ImmutableArray<ProgramSpec>> _groups;
    readonly HashSet<string> _grouped;
    readonly Dictionary<string, BpfError> _refused = new(StringComparer.Ordinal);

    public FallbackSearch(BpfSpec spec)
    {
        _groups = FallbackGroups.Of(spec);
        _grouped = _groups.SelectMany(g => g.Select(p => p.Name)).ToHashSet(StringComparer.Ordinal);
        Where = spec.Where;
    }

    string Where { get; }

    /// <summary>Refused, and not one of several that do the same.</summary>
    public IEnumerable<BpfError> Refused => _refused.Where(r => !_grouped.Contains(r.Key)).Select(r => r.Value);

    /// <summary>All that were refused.</summary>
    public IReadOnlyCollection<BpfError> AllRefused => _refused.Values;

    /// <summary>What is used of each group.</summary>
    public IEnumerable<FallbackChoice> Choices => _groups.Select(g =>
        new FallbackChoice(g.First(p => !_refused.ContainsKey(p.Name)), [.. g.TakeWhile(p => _refused.ContainsKey(p.Name)).Select(p => _refused[p.Name])]));

    public bool IsRefused(string program) => _refused.ContainsKey(program);

    /// <summary>It is one of several that do the same.</summary>
    public bool IsGrouped(string program) => _grouped.Contains(program);

    /// <summary>It is to be loaded.</summary>
    public bool IsWanted(ProgramSpec program) => IsGrouped(program.Name)
        ? _groups.Any(g => g.FirstOrDefault(p => !_refused.ContainsKey(p.Name))?.Name == program.Name)
        : !program.Hook.IsOptional && !IsRefused(program.Name);

    /// <exception cref="BpfException">PM8041: it was the last of those that do the same.</exception>
    public void Refuse(string program, BpfError error)
    {
        _refused[program] = error;
        foreach (var group in _groups.Where(g => g.Any(p => p.Name == program) && g.All(p => _refused.ContainsKey(p.Name))))
        {
            var all = group.Select(p => _refused[p.Name]).ToList();
            throw new BpfException(new BpfError("PM8041", $"{Where}: none of its programs that do the same can be run here:\n  {string.Join("\n  ", all)}")
            {
                // The last may be one that only wants to be told something.
                Hint = all.FindLast(e => e.Hint is not null)?.Hint,
                Log = string.Join("\n", all.Select(e => e.Log).Where(l => l.Length > 0)),
            });
        }
    }
}
