using System.Collections.Immutable;

namespace Pm.Storage;

/// <summary>Files stand in each other's way. Found while planning: nothing was changed.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without conflicts.
public sealed class ConflictException : StoreException
#pragma warning restore CA1032
{
    /// <summary>How many conflicts the message spells out; all are in <see cref="Conflicts"/>.</summary>
    const int Shown = 10;

    public ConflictException(ImmutableArray<Conflict> conflicts)
        : base("PM4010", Describe(conflicts), conflicts.Select(c => c.Hint).FirstOrDefault(h => h is not null))
    {
        Conflicts = conflicts;
    }

    public ImmutableArray<Conflict> Conflicts { get; }

    static string Describe(ImmutableArray<Conflict> conflicts)
    {
        var lines = conflicts.Take(Shown).Select(c => c.ToString());
        var rest = conflicts.Length > Shown ? $"\n  and {conflicts.Length - Shown} more" : "";
        return conflicts.Length == 1
            ? conflicts[0].ToString()
            : $"{conflicts.Length} paths are in each other's way:\n  {string.Join("\n  ", lines)}{rest}";
    }
}
