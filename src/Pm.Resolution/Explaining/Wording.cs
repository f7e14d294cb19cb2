using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>Facts and conclusions as sentences.</summary>
sealed class Wording(PackageSearch search, IReadOnlyList<PackageVariable> packages)
{
    const int ShownRuns = 4;
    const int ShownVersions = 5;

    /// <summary>A package where it matters whose it is.</summary>
    public static string Name(PackageVariable package) => package.Tree.Length == 0 ? package.Name.Text : $"{package.Name} (for {package.Tree})";

    /// <summary>Some versions of a package: <c>lib@1.0</c>, <c>lib 1.0 to 1.4</c>, <c>every version of lib</c>.</summary>
    public static string Versions(PackageVariable package, VersionBits values)
    {
        if (values.Count == 1)
        {
            return $"{package.Name}@{package.Version(values.Lowest)}" + (package.Tree.Length == 0 ? "" : $" (for {package.Tree})");
        }

        if (package.Versions.IsSubsetOf(values))
        {
            return $"every version of {Name(package)}";
        }

        var runs = Runs(package, values);
        return runs.Count <= ShownRuns
            ? $"{Name(package)} {Join(runs, "and")}"
            : $"{values.Count} versions of {Name(package)} ({package.Version(values.Highest)} … {package.Version(values.Lowest)})";
    }

    /// <summary>The versions that there are, newest first: <c>2.0, 1.0 (yanked)</c>.</summary>
    public static string There(PackageVariable package)
    {
        var shown = package.Versions.Values().Take(ShownVersions).Select(v => package.Version(v).Text + (package.Yanked.Contains(v) ? " (yanked)" : ""));
        var more = package.Versions.Count - ShownVersions;
        return string.Join(", ", shown) + (more > 0 ? $" and {more} older" : "");
    }

    /// <summary>A fact, or what was concluded.</summary>
    public string Of(Incompatibility incompatibility) =>
        incompatibility.Fact is { } fact ? Fact(fact, incompatibility) : Conclusion(incompatibility);

    public string Fact(ConflictFact fact, Incompatibility from) => fact switch
    {
        ConflictFact.Asked asked => asked.Ask + Missing(search.Shared(asked.Ask.Wanted.Name)!, asked.Ask.Wanted),
        ConflictFact.Needed needed => Needed(needed.Need, from),
        ConflictFact.Yanked => State(from, "yanked"),
        ConflictFact.TooYoung young => State(from, $"younger than {Age(young.Least)}"),
        ConflictFact.Unreadable unreadable => $"{unreadable.Id} cannot be used: {unreadable.Fault}",
        ConflictFact.Cycle cycle => $"{string.Join(" → ", cycle.Path)} is a cycle",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Age(TimeSpan least) => least.TotalDays >= 2 ? $"{(int)least.TotalDays} days" : $"{(int)least.TotalHours} hours";

    /// <summary>What a needed fact says, by the variable that it is about.</summary>
    string Needed(Need need, Incompatibility from)
    {
        var dependent = DependentOf(from);
        var verb = IsMany(dependent.Package, dependent.Values) ? "need" : "needs";
        var target = search.Meets(dependent.Package, need)!;
        return $"{Versions(dependent.Package, dependent.Values)} {verb} {need}{(need.IsPrivate ? " for itself" : "")}{Missing(target, need)}";
    }

    /// <summary>The term of a needed fact that names who needs.</summary>
    public (PackageVariable Package, VersionBits Values) DependentOf(Incompatibility needed)
    {
        var term = Array.Find(needed.Terms, t => !t.Values.Contains(0));
        return (packages[term.Variable], term.Values);
    }

    static string Missing(PackageVariable target, Need need) =>
        !target.Fulfilling(need.Versions).IsEmpty ? ""
        : target.Versions.IsEmpty ? " (no package is called so)"
        : $" (there are only {There(target)})";

    string State(Incompatibility from, string state)
    {
        var (package, values) = DependentOf(from);
        return $"{Versions(package, values)} {(IsMany(package, values) ? "are" : "is")} {state}";
    }

    string Conclusion(Incompatibility incompatibility)
    {
        var there = incompatibility.Terms.Where(t => !t.Values.Contains(0)).Select(t => (Package: packages[t.Variable], t.Values)).ToList();
        var needed = incompatibility.Terms.Where(t => t.Values.Contains(0)).Select(t => packages[t.Variable])
            .Zip(incompatibility.Terms.Where(t => t.Values.Contains(0)), (p, t) => VersionsNeeded(p, p.Versions - t.Values)).ToList();
        if (there.Count == 0)
        {
            return needed.Count == 0 ? "no choice of versions is left" : $"{Join(needed, "or")} has to be there";
        }

        var together = Join([.. there.Select(t => Versions(t.Package, t.Values))], "and");
        var isMany = there.Count > 1 || IsMany(there[0].Package, there[0].Values);
        return needed.Count > 0 ? $"{together}{(there.Count > 1 ? " together" : "")} {(isMany ? "need" : "needs")} {Join(needed, "or")}"
            : there.Count > 1 ? $"{together} exclude each other"
            : there[0].Package.Versions.IsSubsetOf(there[0].Values) ? $"no version of {Name(there[0].Package)} can be used"
            : $"{together} cannot be used";
    }

    static string VersionsNeeded(PackageVariable package, VersionBits values) =>
        values.Equals(package.Versions) ? Name(package) : Versions(package, values);

    static bool IsMany(PackageVariable package, VersionBits values) => values.Count > 1 && !package.Versions.IsSubsetOf(values);

    /// <summary>Neighbours in one: <c>1.0 to 1.4</c>, oldest first.</summary>
    static List<string> Runs(PackageVariable package, VersionBits values)
    {
        var runs = new List<string>();
        var sorted = values.Values().Reverse().ToList();
        for (var i = 0; i < sorted.Count;)
        {
            var end = i;
            while (end + 1 < sorted.Count && sorted[end + 1] == sorted[end] - 1)
            {
                end++;
            }

            var (first, last) = (package.Version(sorted[i]).Text, package.Version(sorted[end]).Text);
            runs.Add(end == i ? first : end == i + 1 ? $"{first} and {last}" : $"{first} to {last}");
            i = end + 1;
        }

        return runs;
    }

    public static string Join(IReadOnlyList<string> items, string word) => items.Count switch
    {
        0 => "",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} {word} {items[^1]}",
    };
}
