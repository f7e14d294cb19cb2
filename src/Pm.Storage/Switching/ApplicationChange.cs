using System.Globalization;
using Pm.Linux;
using Pm.Storage.Journals;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>
/// An application root changes by building a fresh tree, which nobody sees, and renaming one symbolic link over another:
/// that rename is the commit, for pm and for everybody else at the same instant.
/// </summary>
sealed class ApplicationChange : RootChange
{
    const int DirectoryMode = Root.DirectoryMode;

    public ApplicationChange(Root root, Store store, Journal journal) : base(root, store, journal)
    {
    }

    public override bool IsCommitted => Root.CurrentNumber() == Journal.To;

    public override string ContentPath => Path.Join(Root.StatePath, Root.TreeOf(Journal.To));

    string Name => Journal.To.ToString(CultureInfo.InvariantCulture);

    string BesideLink => TemporaryName.Of(Journal.To, 0);

    public override void Run(ChangePlan plan, CancellationToken cancellation)
    {
        using var trees = Root.State.OpenOrMakeBeneath(Root.TreesDirectory, DirectoryMode);
        if (plan.ReusedTree is { } reused)
        {
            trees.Symlink(reused.ToString(CultureInfo.InvariantCulture), Name);
            return;
        }
        trees.MakeDirectory(Name, DirectoryMode);
        using var tree = trees.OpenBeneath(Name);
        using var before = plan.From is { } from ? ApplicationTrees.TryOpen(Root, from.Number) : null;
        new StepRunner(tree, Store, Journal.To, plan.Operations, FileSystems).Run(cancellation);
        foreach (var carried in plan.Carried)
        {
            cancellation.ThrowIfCancellationRequested();
            Carry(carried, before!, tree);
        }
    }

    public override void Commit(Generation generation)
    {
        SyncAll();
        WriteGeneration(generation);
        PointTo(Journal.To);
    }

    public override void Undo()
    {
        Root.Top.RemoveTree(BesideLink);
        if (IsCommitted)
        {
            // It was committed, and making that durable failed.
            PointTo(Journal.From);
        }
        RemoveGeneration();
        using (var trees = Root.State.OpenOrMakeBeneath(Root.TreesDirectory, DirectoryMode))
        {
            trees.RemoveTree(Name);
            trees.Sync();
        }
        RemoveJournal();
    }

    public override void Finish()
    {
        Export();
        RemoveJournal();
    }

    void PointTo(int number)
    {
        if (number == 0)
        {
            Root.Top.Unlink(Root.CurrentLink);
        }
        else
        {
            var target = string.Create(
                CultureInfo.InvariantCulture, $"{Root.StateDirectory}/{Root.TreesDirectory}/{number}");
            Root.Top.Symlink(target, BesideLink);
            Root.Top.Rename(BesideLink, Root.Top, Root.CurrentLink);
        }
        Root.Top.Sync();
    }

    /// <summary>A second name and no copy: what a running program still writes into it is seen in both trees.</summary>
    static void Carry(CarriedPath carried, DirectoryHandle from, DirectoryHandle to)
    {
        var parent = DiskView.ParentOf(carried.To);
        if (carried.IsDirectory)
        {
            to.OpenOrMakeBeneath(carried.To, DirectoryMode).Dispose();
            return;
        }
        using var source = Open(from, DiskView.ParentOf(carried.From));
        using var target = parent.Length == 0 ? to.OpenBeneath(".") : to.OpenOrMakeBeneath(parent, DirectoryMode);
        target.Link(source, DiskView.NameOf(carried.From), DiskView.NameOf(carried.To));
    }

    static DirectoryHandle Open(DirectoryHandle top, string path) => top.OpenBeneath(path.Length == 0 ? "." : path);
}
