using Pm.Blobs;
using Pm.Linux;
using Pm.Storage.Journals;

namespace Pm.Storage.Collecting;

/// <summary>What the registered roots of a store need, and which of their generations may go.</summary>
sealed class RootSurvey
{
    readonly Store _store;
    readonly KeepRules _rules;
    readonly HeldRoots? _held;

    public RootSurvey(Store store, KeepRules rules, HeldRoots? held)
    {
        _store = store;
        _rules = rules;
        _held = held;
        foreach (var (package, reason) in rules.Needed)
        {
            Needed.Add(package, reason);
        }
        foreach (var root in new StoreRoots(store).All())
        {
            foreach (var (package, reason) in rules.NeededFor(root).Where(n => store.Contains(n.Package)))
            {
                Needed.Add(package, reason);
            }
            Survey(root);
        }
    }

    /// <summary>What stays, and why.</summary>
    public Reasons Needed { get; } = new();

    /// <summary>What the generations that go had needed, by root.</summary>
    public Dictionary<string, HashSet<MerkleRoot>> Released { get; } = new(StringComparer.Ordinal);

    public List<CollectedGeneration> Collected { get; } = [];

    public List<RootUsage> Roots { get; } = [];

    void Survey(StoreRoot registered)
    {
        Root? root = null;
        try
        {
            root = Root.TryOpen(registered.Path);
            if (root is null || root.Settings.StorePath != _store.Path)
            {
                KeepAll(registered, root is null ? "it cannot be found" : $"it uses {root.Settings.StorePath} now");
                return;
            }
            Survey(root);
        }
        catch (Exception e) when (e is SystemCallException or StoreException)
        {
            KeepAll(registered, e.Message);
        }
        finally
        {
            root?.Dispose();
        }
    }

    void KeepAll(StoreRoot registered, string why)
    {
        foreach (var package in registered.Packages)
        {
            Needed.Add(package, $"{registered.Path}: {why}; what it was known to need stays");
        }
        Roots.Add(new RootUsage(registered.Path, false, 0, 0, why));
    }

    void Survey(Root root)
    {
        // Everything is read before anything is noted, so a damaged document makes the whole root stay.
        var generations = root.Generations().ToList();
        var current = root.CurrentNumber();
        // By now what is detached has been looked for, so what still is could not be finished.
        var isInterrupted = KeepJournal(root) && (_held is not null || !root.IsDetached);
        var refusal = isInterrupted ? "run pm recover first" : _held?.Refusal(root.Path);
        var released = new HashSet<MerkleRoot>();
        var kept = 0;
        for (var i = 0; i < generations.Count; i++)
        {
            var generation = generations[i];
            var reason = isInterrupted ? "an interrupted change is to be mended" : refusal ?? _rules.ReasonToKeep(root, generation, current, generations.Count - i);
            if (reason is null)
            {
                Collected.Add(new CollectedGeneration(root.Path, generation.Number, generation.Made));
                released.UnionWith(generation.Packages.Select(p => p.Hash));
                continue;
            }
            kept++;
            foreach (var package in generation.Packages)
            {
                Needed.Add(package.Hash, $"{root.Path}: generation {generation.Number} ({reason})");
            }
        }
        Released.Add(root.Path, released);
        Roots.Add(new RootUsage(root.Path, true, kept, 0, refusal));
    }

    bool KeepJournal(Root root)
    {
        if (root.State.TryReadFile(Root.JournalFile, JournalDocument.MaximumSize) is not { } bytes)
        {
            return false;
        }
        var journal = JournalDocument.Parse(bytes, Path.Join(root.StatePath, Root.JournalFile));
        foreach (var package in journal.Packages)
        {
            Needed.Add(package, $"{root.Path}: an interrupted change to generation {journal.To}");
        }
        return true;
    }
}
