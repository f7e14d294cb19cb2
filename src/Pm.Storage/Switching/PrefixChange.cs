using Pm.Storage.Journals;

namespace Pm.Storage.Switching;

/// <summary>A prefix root changes path by path; the document of the generation is the commit mark.</summary>
sealed class PrefixChange : RootChange
{
    public PrefixChange(Root root, Store store, Journal journal) : base(root, store, journal)
    {
    }

    public override bool IsCommitted => Root.GenerationNumbers().Contains(Journal.To);

    public override string ContentPath => Root.Path;

    public override void Run(ChangePlan plan, CancellationToken cancellation) =>
        new StepRunner(Root.Top, Store, Journal.To, plan.Operations, FileSystems).Run(cancellation);

    public override void Commit(Generation generation)
    {
        SyncAll();
        WriteGeneration(generation);
    }

    public override void Undo()
    {
        if (IsCommitted)
        {
            // It was committed, and making that durable failed.
            RemoveGeneration();
        }
        new PrefixUndo(Root, Store, Journal, FileSystems, Leftovers).Run();
        FileSystems.Sync();
        RemoveJournal();
    }

    public override void Finish()
    {
        var hasCleared = new PrefixFinish(Root, Journal, FileSystems, Leftovers).Run();
        Export();
        if (hasCleared)
        {
            FileSystems.Sync();
        }
        RemoveJournal();
    }
}
