using Pm.Linux;
using Pm.Storage.Journals;

namespace Pm.Storage.Switching;

/// <summary>One change of a root from its journal on: done, committed, undone or finished.</summary>
abstract class RootChange : IDisposable
{
    private protected RootChange(Root root, Store store, Journal journal)
    {
        Root = root;
        Store = store;
        Journal = journal;
        Leftovers = new Leftovers(root, journal.To);
        FileSystems = new FileSystems(root.Top);
    }

    /// <summary>Whether the new generation is the current one.</summary>
    public abstract bool IsCommitted { get; }

    /// <summary>What was kept aside.</summary>
    public IReadOnlyList<string> Notes => Leftovers.Reports;

    protected Root Root { get; }

    protected Store Store { get; }

    protected Journal Journal { get; }

    protected Leftovers Leftovers { get; }

    protected FileSystems FileSystems { get; }

    public static RootChange Of(Root root, Store store, Journal journal) =>
        journal.Kind is RootKind.Prefix
            ? new PrefixChange(root, store, journal)
            : new ApplicationChange(root, store, journal);

    /// <summary>The directory that the files are put into, for the scripts of the packages.</summary>
    public abstract string ContentPath { get; }

    /// <summary>Where the files are before that; the root itself when nothing is installed.</summary>
    public string ContentPathBefore => Journal.From == 0 ? Root.Path : Root.ContentPath;

    /// <summary>Does the steps; nothing of it counts before <see cref="Commit"/>.</summary>
    public abstract void Run(ChangePlan plan, CancellationToken cancellation);

    /// <summary>Makes the steps durable, then the generation: from here on there is no way back.</summary>
    public abstract void Commit(Generation generation);

    /// <summary>Undoes all steps, however far they came, then forgets the journal.</summary>
    public abstract void Undo();

    /// <summary>Clears away what the steps left, then forgets the journal.</summary>
    public abstract void Finish();

    public void Dispose() => FileSystems.Dispose();

    protected void WriteGeneration(Generation generation)
    {
        using var generations = Root.State.OpenOrMakeBeneath(Root.GenerationsDirectory, Root.DirectoryMode);
        DurableFile.Replace(generations, Root.FileOf(generation.Number), GenerationDocument.ToBytes(generation));
    }

    protected void RemoveGeneration()
    {
        using var generations = Root.State.OpenOrMakeBeneath(Root.GenerationsDirectory, Root.DirectoryMode);
        generations.RemoveTree(Root.FileOf(Journal.To));
        generations.Sync();
    }

    /// <summary>
    /// Makes all that was done durable: the steps, and the names in the store, which an earlier process may have given and
    /// which may be on another file system.
    /// </summary>
    protected void SyncAll()
    {
        FileSystems.Note(Store.Top);
        FileSystems.Sync();
    }

    /// <summary>Writes the current generation for others; pm never reads it. A half-written one has another name.</summary>
    /// <exception cref="SystemCallException">It cannot be written.</exception>
    public void Export()
    {
        if (Root.Current is { } current)
        {
            // Not a second name of the generation's file: who edits an export must not edit what counts.
            DurableFile.Replace(Root.State, Root.ExportFile, GenerationDocument.ToBytes(current));
        }
    }

    protected void RemoveJournal()
    {
        Root.State.Unlink(Root.JournalFile);
        Root.State.Sync();
    }
}
