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
        if (plan.IsDetached)
        {
            return;
        }
        using var tree = trees.OpenBeneath(Name);
        using var before = plan.From is { } from ? ApplicationTrees.TryOpen(Root, from.Number) : null;
        new StepRunner(tree, Store, Journal.To, plan.Operations, FileSystems).Run(cancellation);
        if (plan.Carried.IsEmpty)
        {
            return;
        }
        var carrier = new Carrier(before!, tree, BesideLink);
        foreach (var carried in plan.Carried)
        {
            cancellation.ThrowIfCancellationRequested();
            carrier.Carry(carried, mayGiveWay: false);
        }
        carrier.SetModes();
    }

    public override void Commit(Generation generation)
    {
        if (Journal.IsDetached)
        {
            // An empty directory, and nothing of the store: there is no more to make durable.
            using var trees = Root.State.OpenBeneath(Root.TreesDirectory);
            trees.Sync();
        }
        else
        {
            SyncAll();
        }
        WriteGeneration(generation);
        PointTo(Journal.To);
    }

    public override void Undo()
    {
        Root.Top.RemoveTree(BesideLink);
        if (IsCommitted || (Journal.From != 0 && Root.CurrentNumber() == 0))
        {
            // It was committed, and making that durable failed; or somebody took the link away since.
            PointTo(Journal.From);
        }
        RemoveGeneration();
        using (var trees = Root.State.OpenOrMakeBeneath(Root.TreesDirectory, DirectoryMode))
        {
            RemoveTree(trees);
            trees.Sync();
        }
        RemoveJournal();
    }

    void RemoveTree(DirectoryHandle trees)
    {
        try
        {
            if (Journal.IsDetached)
            {
                // Made empty: what is in it somebody put there while everything was gone.
                trees.RemoveDirectory(Name);
            }
            else
            {
                trees.RemoveTree(Name);
            }
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
        {
        }
        catch (SystemCallException e) when (e.Errno is Errno.EBUSY or Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR)
        {
            // Or something is mounted in it, which is not pm's.
            Leftovers.Keep(trees, Name, Root.CurrentLink);
        }
    }

    public override void Finish()
    {
        if (Journal.IsDetached)
        {
            TakeOver();
            Leftovers.RemoveEmpty();
        }
        Export();
        RemoveJournal();
    }

    /// <summary>
    /// Gives what is not pm's in the tree before a name in the new one; done twice, it changes nothing. Where the kernel refuses that
    /// the tree before is kept as a whole, or no change of this root would ever come to its end again.
    /// </summary>
    void TakeOver()
    {
        for (var isSecond = false; ; isSecond = true)
        {
            try
            {
                using var before = ApplicationTrees.TryOpen(Root, Journal.From);
                using var tree = ApplicationTrees.TryOpen(Root, Journal.To);
                if (before is not null && tree is not null && Root.Find(Journal.From) is { } generation)
                {
                    TakeOver(generation, before, tree);
                }
                return;
            }
            catch (SystemCallException e) when (!isSecond && e.Errno is Errno.EIO or Errno.EINTR)
            {
                // A disk that failed once need not fail again; one that does would stop every change.
            }
            catch (SystemCallException e) when (IsRefusal(e))
            {
                KeepWhole(e);
                return;
            }
        }
    }

    void TakeOver(Generation generation, DirectoryHandle before, DirectoryHandle tree)
    {
        var (carried, saved) = ApplicationPlanner.LeftBehind(generation, before, Store);
        var edited = saved.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var carrier = new Carrier(before, tree, BesideLink);
        var (again, told) = (0, new List<(string Path, string What)>());
        foreach (var path in carried)
        {
            if (carrier.Carry(path, mayGiveWay: true) is not { } name)
            {
                continue;
            }
            if (edited.Contains(path.From))
            {
                told.Add((path.From, $"was edited; kept as `{name}`"));
            }
            else if (name != path.To)
            {
                told.Add((path.From, $"something else has its name by now; kept as `{name}`"));
            }
            else
            {
                again++;
            }
        }
        carrier.SetModes();
        if (carried.Count > 0)
        {
            tree.SyncFileSystem();
        }
        told.ForEach(one => Leftovers.Report(one.Path, one.What));
        if (again > 0)
        {
            Leftovers.Report(Root.CurrentLink, $"{again} {(again == 1 ? "file is" : "files are")} below it again");
        }
    }

    /// <summary>One rename, which needs nothing of what is in the tree; a generation without a tree is made anew when it is wanted.</summary>
    void KeepWhole(SystemCallException cause)
    {
        if (ApplicationTrees.Resolve(Root, Journal.From) is not { } number)
        {
            return;
        }
        Leftovers.Report(
            Root.CurrentLink, $"not all could be taken over, so the files of generation {Journal.From} stay together: {cause.Message}");
        var name = number.ToString(CultureInfo.InvariantCulture);
        try
        {
            using var trees = Root.State.OpenBeneath(Root.TreesDirectory);
            Leftovers.Keep(trees, name, Root.CurrentLink);
        }
        catch (SystemCallException e) when (IsRefusal(e))
        {
            Leftovers.Report(Root.CurrentLink, $"left as {Path.Join(Root.StateDirectory, Root.TreeOf(number))}: {e.Message}");
        }
        // Its new name before the journal, which tells of the old one, is gone.
        Root.State.SyncFileSystem();
    }

    /// <summary>Whether trying again would end the same way; room, memory and descriptors may be there the next time.</summary>
    static bool IsRefusal(SystemCallException e) =>
        !e.IsNoSpace && e.Errno is not (Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE or Errno.EROFS);

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
}
