using Pm.Linux;
using Pm.Storage.Journals;
using Pm.Storage.Switching;

namespace Pm.Storage;

/// <summary>
/// Carries out a plan: all of it or nothing. The order is: what was fetched is made durable, the store learns what the
/// root will need, the journal is made durable, the steps are done, they are made durable, the generation is committed,
/// what waited beside is thrown away, the journal is removed.
/// </summary>
public static class Transaction
{
    /// <summary>Makes the next generation.</summary>
    /// <returns>The new generation; the current one when the plan is empty.</returns>
    /// <exception cref="ConflictException">The plan has conflicts; nothing was changed.</exception>
    /// <exception cref="RolledBackException">A step or script failed, or it was cancelled; the old state stands.</exception>
    /// <exception cref="StoreException">
    /// PM4015: the root changed after it was planned. PM4012: it failed and could not be undone; the journal stays.
    /// </exception>
    /// <exception cref="SystemCallException">It failed before anything was changed.</exception>
    public static Generation Apply(
        RootWriter writer, ChangePlan plan, TransactionOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        Require(writer.Root, plan);
        var generation = GenerationOf(plan, options);
        if (plan.IsEmpty)
        {
            return plan.From ?? generation with { Number = 0 };
        }
        cancellation.ThrowIfCancellationRequested();
        writer.Store.Sync();
        Register(writer, plan);
        var journal = JournalOf(writer.Root, plan);
        DurableFile.Replace(writer.Root.State, Root.JournalFile, JournalDocument.ToBytes(journal).Span);
        using var change = RootChange.Of(writer.Root, writer.Store, journal);
        Switch(change, plan, generation, options, cancellation);
        Finish(change, plan, options);
        return generation;
    }

    static void Switch(
        RootChange change, ChangePlan plan, Generation generation, TransactionOptions options, CancellationToken cancellation)
    {
        try
        {
            var hooks = new HookSequence(plan, options.RunHook);
            hooks.Before(change.ContentPathBefore, cancellation);
            change.Run(plan, cancellation);
            hooks.After(change.ContentPath, cancellation);
            cancellation.ThrowIfCancellationRequested();
            change.Commit(generation);
        }
        catch (Exception cause)
        {
            // Whatever it was, a fault of pm itself included: the journal says how to go back.
            Undo(change, cause);
            Tell(change, options);
            throw new RolledBackException(cause, plan.From?.Number ?? 0);
        }
    }

    static void Undo(RootChange change, Exception cause)
    {
        try
        {
            change.Undo();
        }
        catch (Exception e) when (e is SystemCallException or StoreException)
        {
            throw new StoreException(
                "PM4012", $"{cause.Message}; undoing it failed too: {e.Message}", "pm recover", cause);
        }
    }

    static void Finish(RootChange change, ChangePlan plan, TransactionOptions options)
    {
        try
        {
            if (plan.IsDetached)
            {
                change.Export();
            }
            else
            {
                change.Finish();
            }
        }
        catch (SystemCallException e)
        {
            options.Warn?.Invoke($"committed, but not everything could be cleared away: {e.Message}");
        }
        Tell(change, options);
    }

    static void Tell(RootChange change, TransactionOptions options)
    {
        foreach (var note in change.Notes)
        {
            options.Warn?.Invoke(note);
        }
    }

    static void Require(Root root, ChangePlan plan)
    {
        if (!plan.Conflicts.IsEmpty)
        {
            throw new ConflictException(plan.Conflicts);
        }
        var current = root.CurrentNumber();
        var planned = plan.From?.Number ?? 0;
        if (current != planned)
        {
            throw new StoreException(
                "PM4015", $"{root.Path}: planned for generation {planned}, but generation {current} is current now");
        }
    }

    /// <summary>Before the commit, so that no collection can take what a root that is out of reach came to need.</summary>
    static void Register(RootWriter writer, ChangePlan plan)
    {
        var roots = new StoreRoots(writer.Store);
        var known = roots.Find(writer.Root.Path)?.Packages ?? [];
        var needed = plan.Target.Select(p => p.Hash).Concat(plan.From?.Packages.Select(p => p.Hash) ?? []);
        roots.Save(new StoreRoot(writer.Root.Path, [.. known.Union(needed)]));
    }

    static Journal JournalOf(Root root, ChangePlan plan) => new()
    {
        Kind = root.Kind,
        From = plan.From?.Number ?? 0,
        To = plan.Number,
        Packages = [.. plan.Target.Select(p => p.Hash)],
        IsDetached = plan.IsDetached,
        // The steps of an application root are in a tree that nobody sees; undoing them is removing it.
        Operations = root.Kind is RootKind.Prefix ? plan.Operations : [],
    };

    static Generation GenerationOf(ChangePlan plan, TransactionOptions options) => new()
    {
        Number = plan.Number,
        Made = options.Now,
        Command = options.Command,
        Packages = plan.Target,
        RestoredFrom = plan.RestoredFrom,
        FoundDirectories = plan.FoundDirectories,
    };
}
