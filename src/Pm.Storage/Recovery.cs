using Pm.Linux;
using Pm.Storage.Journals;
using Pm.Storage.Keys;
using Pm.Storage.Switching;

namespace Pm.Storage;

/// <summary>
/// Mends a root whose change was interrupted: a journal without its generation is undone, one with it is finished. Itself
/// interrupted at any instant, the next run does the same again. Every writer starts with it; <c>pm recover</c> is no more.
/// </summary>
public static class Recovery
{
    /// <returns>Null: nothing was amiss.</returns>
    /// <exception cref="StoreException">PM4009: the journal is damaged.</exception>
    /// <exception cref="SystemCallException">It cannot be mended now; the journal stays for the next time.</exception>
    internal static RecoveryReport? Run(RootWriter writer)
    {
        var root = writer.Root;
        PendingSession.ClearDead(writer.Store);
        TemporaryFiles.Clear(root.State, Root.GenerationsDirectory, Keyring.DirectoryName);
        TemporaryFiles.Clear(writer.Store.Top, Store.RootsDirectory);
        if (root.State.TryReadFile(Root.JournalFile, JournalDocument.MaximumSize) is not { } bytes)
        {
            return null;
        }
        var journal = JournalDocument.Parse(bytes, Path.Join(root.StatePath, Root.JournalFile));
        using var change = RootChange.Of(root, writer.Store, journal);
        var outcome = !change.IsCommitted ? RecoveryOutcome.Undone
            : journal.IsDetached ? RecoveryOutcome.TakenOver
            : RecoveryOutcome.Finished;
        if (outcome is RecoveryOutcome.Undone)
        {
            change.Undo();
        }
        else
        {
            change.Finish();
        }
        if (outcome is RecoveryOutcome.TakenOver && change.Notes.Count == 0)
        {
            return null;
        }
        return new RecoveryReport(outcome, journal.From, journal.To, change.Notes);
    }
}
