using System.Collections.Immutable;
using Pm.Storage.Planning;
using Pm.Storage.Switching;

namespace Pm.Storage;

/// <summary>
/// What moving a root from its current generation to another set of packages would do, path by path. Made by
/// <see cref="Planner"/>, which touches nothing; carried out by <see cref="Transaction"/>.
/// </summary>
public sealed class ChangePlan
{
    /// <summary>The generation it starts from; null: the first.</summary>
    public required Generation? From { get; init; }

    /// <summary>The number of the generation it makes.</summary>
    public required int Number { get; init; }

    /// <summary>The packages of the new generation, sorted by name.</summary>
    public required ImmutableArray<InstalledPackage> Target { get; init; }

    /// <summary>The generation whose state is restored.</summary>
    public int? RestoredFrom { get; init; }

    /// <summary>What comes, goes, is replaced or recorded differently; sorted by name.</summary>
    public required ImmutableArray<PackageChange> Packages { get; init; }

    /// <summary>Why it cannot be done; empty when it can.</summary>
    public ImmutableArray<Conflict> Conflicts { get; init; } = [];

    public ImmutableArray<ConfigurationDecision> Configuration { get; init; } = [];

    /// <summary>Files that somebody changed and that are kept under another name.</summary>
    public ImmutableArray<SavedFile> Saved { get; init; } = [];

    /// <summary>
    /// Whether a large application goes as a whole, so that none of its files was looked at: what somebody put or edited there is
    /// taken over by the next writer.
    /// </summary>
    public bool IsDetached { get; init; }

    /// <summary>Whether there is nothing to do, not even to record.</summary>
    public bool IsEmpty => Packages.IsEmpty && RestoredFrom is null;

    /// <summary>Paths that appear, relative to the content of the root.</summary>
    public IEnumerable<string> Added => Operations.OfType<Operation.Add>().Select(o => o.Path);

    /// <summary>Paths whose content changes.</summary>
    public IEnumerable<string> Replaced => Operations.OfType<Operation.Replace>().Select(o => o.Path);

    /// <summary>Files that go; of a directory that goes as a whole, each file in it.</summary>
    public IEnumerable<string> Removed => Operations.OfType<Operation.MoveAway>().SelectMany(FilesOf);

    /// <summary>The scripts that the change comes by, in their order.</summary>
    public IEnumerable<DueHook> Hooks => new HookSequence(this, null).Due();

    /// <summary>See <see cref="Generation.FoundDirectories"/>.</summary>
    internal ImmutableArray<string> FoundDirectories { get; init; } = [];

    internal IReadOnlyList<Operation> Operations { get; init; } = [];

    /// <summary>For an application root: the generation whose tree serves again as it is.</summary>
    internal int? ReusedTree { get; init; }

    /// <summary>For an application root: what is taken over from the tree before.</summary>
    internal ImmutableArray<CarriedPath> Carried { get; init; } = [];

    /// <summary>The packages by hash that had to be read to plan.</summary>
    internal PackageShelf Shelf { get; init; } = null!;

    static IEnumerable<string> FilesOf(Operation.MoveAway away) =>
        away.Contents.IsEmpty
            ? [away.Path]
            : away.Contents.Where(c => !c.EndsWith('/')).Select(c => away.Path + "/" + c);
}
