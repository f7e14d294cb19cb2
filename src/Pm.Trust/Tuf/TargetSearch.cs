namespace Pm.Trust.Tuf;

/// <summary>
/// The search for the one role that speaks for a target: the roles in the order of the delegations, each before those that it
/// delegates to itself. Pure: it says whose metadata it needs, and is told what that says. Source: TUF 5.6.7.
/// </summary>
public sealed class TargetSearch
{
    readonly Stack<Delegation> _pending = new();
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <param name="path">Of the target: data, which may be anything.</param>
    /// <param name="targets">What targets.json says.</param>
    internal TargetSearch(string path, TargetsMetadata targets)
    {
        Path = path;
        Take("targets", targets);
    }

    /// <summary>The target that is looked for.</summary>
    public string Path { get; }

    /// <summary>Whose metadata is needed next; null: the search is at its end.</summary>
    public Delegation? Next { get; private set; }

    /// <summary>What the first role that names the target says of it; null where none does, and before the end.</summary>
    public TargetFile? Found { get; private set; }

    /// <summary>Who says it.</summary>
    public string? FoundIn { get; private set; }

    /// <summary>Whether it was given up because too many roles had to be asked.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Goes on with what <see cref="Next"/> says, which was read under that delegation.</summary>
    public void Take(TargetsMetadata said) =>
        Take(Next?.Role.Name ?? throw new InvalidOperationException("the search is at its end"), said);

    void Take(string role, TargetsMetadata said)
    {
        Next = null;
        if (said.Targets.TryGetValue(Path, out var file))
        {
            (Found, FoundIn) = (file, role);
            return;
        }

        // TUF 5.6.7.2: in order of appearance, so the last goes deepest.
        foreach (var child in (said.Delegations?.RolesFor(Path) ?? []).Reverse())
        {
            _pending.Push(new Delegation(role, said.Delegations!.Keys, child));
        }

        Advance();
    }

    void Advance()
    {
        while (_pending.TryPop(out var delegation))
        {
            if (delegation.Role.IsTerminating)
            {
                // TUF 5.6.7.2.1: who comes after it, also in the roles above, is not asked any more.
                _pending.Clear();
            }

            // TUF 5.6.7.1: each role once, so that a circle ends.
            if (!_asked.Add(delegation.Role.Name))
            {
                continue;
            }

            // TUF 5.6.7.1: nobody makes a client ask on and on.
            IsCutOff = _asked.Count > MetadataLimits.SearchedRoles;
            Next = IsCutOff ? null : delegation;
            return;
        }
    }
}
