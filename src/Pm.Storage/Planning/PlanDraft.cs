using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>What planning has found so far.</summary>
sealed class PlanDraft
{
    int _sequence;

    public List<Conflict> Conflicts { get; } = [];

    public List<ConfigurationDecision> Configuration { get; } = [];

    public List<SavedFile> Saved { get; } = [];

    /// <summary>Directories that packages use and pm did not make.</summary>
    public SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

    /// <summary>What must be out of the way before anything can be put in its place.</summary>
    public List<Operation> Clearings { get; } = [];

    public List<Operation> NewDirectories { get; } = [];

    public List<Operation> Additions { get; } = [];

    public List<Operation> Replacements { get; } = [];

    public List<Operation> Modes { get; } = [];

    /// <summary>What goes for good; removals come last.</summary>
    public List<Operation> Removals { get; } = [];

    public List<Operation> EmptiedDirectories { get; } = [];

    public int NextSequence() => _sequence++;

    public void Add(TreeEntry entry) => Additions.Add(new Operation.Add(entry, NextSequence()));

    public void Replace(TreeEntry entry, FileStatus seen, string? savedAs)
    {
        Replacements.Add(new Operation.Replace(entry, NextSequence(), seen.Inode, savedAs) { Seen = seen });
        Save(entry.Path, savedAs);
    }

    public void Save(string path, string? savedAs)
    {
        if (savedAs is not null)
        {
            Saved.Add(new SavedFile(path, savedAs));
        }
    }

    /// <summary>The order in which it is done; undone in reverse.</summary>
    public List<Operation> Operations() =>
        [.. Clearings, .. NewDirectories, .. Additions, .. Replacements, .. Modes, .. Removals, .. EmptiedDirectories];
}
