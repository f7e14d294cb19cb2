using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary>The way that every change of a ring goes: plan, show, and, unless it is a dry run, carry out under the root's lock.</summary>
static class RingChange
{
    /// <summary>Changes the ring of the root that the settings name.</summary>
    /// <param name="context">Whose root; with <c>-n</c> nothing is written.</param>
    /// <param name="plan">Plans on a ring; may be called again when another pm changed the ring meanwhile.</param>
    /// <param name="confirm">Asks about what was planned; false: nothing is changed.</param>
    /// <returns>What was done, or would be.</returns>
    public static IReadOnlyList<KeyringChange> Make(
        PmContext context, Func<Keyring, IReadOnlyList<KeyringChange>> plan, Action<IReadOnlyList<KeyringChange>>? confirm = null)
    {
        // Before the lock: what is wrong with the command line makes no root, and nobody waits for a person.
        var seen = Keyring.OpenAt(context.Settings.Root);
        var changes = plan(seen);
        if (context.Settings.DryRun || changes.All(c => c.IsNothing))
        {
            return changes;
        }

        confirm?.Invoke(changes);
        using var session = RootAccess.OpenForChange(context);
        var ring = Keyring.Open(session.Root);
        changes = ring.HasSameKeysAs(seen) ? changes : plan(ring);
        KeyringWriter.Apply(session.RequireWriter(), changes);
        return changes;
    }

    /// <summary>Shows each key that something would change of, and asks whether to trust it.</summary>
    /// <exception cref="CommandException">PM1102: no; PM1003: nobody can answer.</exception>
    public static void ConfirmTrust(PmContext context, IEnumerable<KeyringChange> planned)
    {
        foreach (var change in planned.Where(c => !c.IsNothing))
        {
            if (!Prompt.Confirm(context, $"trust {change.Fingerprint} ({Hostile.OneLine(change.Record.UserId)})?", "compare the fingerprint with its owner's, then add `-y`"))
            {
                throw new CommandException(ExitCode.Failed, "PM1102", "not confirmed: nothing was changed");
            }
        }
    }

    /// <summary>Prints one line a key: what happened to it, its fingerprint, its state, its user id.</summary>
    public static void Write(PmContext context, IReadOnlyList<KeyringChange> changes)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "key-changes", json => Write(json, changes, context.Settings.DryRun));
            return;
        }

        var table = new Table("CHANGE", "FINGERPRINT", "STATE", "USER ID");
        foreach (var change in changes)
        {
            var would = context.Settings.DryRun && !change.IsNothing ? "would be " : "";
            table.Add(would + change.Word, change.Fingerprint.ToString(), KeyRecord.TextOf(change.Record.State), change.Record.UserId);
        }

        table.Write(context.Terminal);
    }

    static void Write(Utf8JsonWriter json, IReadOnlyList<KeyringChange> changes, bool isDryRun)
    {
        json.WriteStartObject();
        json.WriteBoolean("dry_run"u8, isDryRun);
        json.WriteStartArray("keys"u8);
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("change"u8, change.Word);
            KeyJson.WriteMembers(json, change.Record);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
