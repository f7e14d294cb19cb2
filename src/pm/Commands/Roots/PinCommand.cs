using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm pin [NAME…]</c></summary>
static class PinCommand
{
    public const string Summary = "hold packages at their versions";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "an installed package; without one, pinned packages are listed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var remove = new Option<bool>("--remove") { Description = "let updates have them again" };
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = [remove],
            Takes = CommonOptions.Changes,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => ValueTask.FromResult(
                Run(context, parsed.Given(names) ?? [], pins: !parsed.Given(remove))),
        };
    }

    static ExitCode Run(PmContext context, IReadOnlyList<string> texts, bool pins)
    {
        var names = InstalledNames.Parse(texts);
        InstalledNames.RequireRoot(context, names);
        if (names.IsEmpty)
        {
            return pins ? List(context) : throw CommandException.Usage("PM1103", "no package was named", "`pm pin` lists what is pinned");
        }

        if (context.Settings.DryRun)
        {
            WriteNames(context, [.. names.Select(n => n.Text)], pins, $"would {(pins ? "pin" : "unpin")} {string.Join(", ", names)}");
            return ExitCode.Ok;
        }

        using var session = RootAccess.OpenForChange(context);
        var changes = new RootChanges(
            session, RootAccess.Changes(context, session, HookRules.None, allowsUnsigned: false, StageObserver.None));
        var report = changes.Record(p => names.Contains(p.Id.Name) ? p with { IsPinned = pins } : p, context.Cancellation);
        if (report.Plan.IsEmpty)
        {
            WriteNames(context, [], pins, $"{string.Join(", ", names)}: {(pins ? "already pinned" : "not pinned")}");
            return ExitCode.Ok;
        }

        ChangeOutput.Write(context, report);
        return ExitCode.Ok;
    }

    /// <summary>What a dry run would change, or that there is nothing to change.</summary>
    static void WriteNames(PmContext context, IReadOnlyList<string> names, bool pins, string text) => Outcome.Write(
        context, "pin", json => Outcome.WriteTexts(json, pins ? "pinned" : "unpinned", names), () => context.Terminal.Note(text));

    static ExitCode List(PmContext context)
    {
        using var session = RootAccess.TryOpen(context);
        var pinned = (session?.Root.Current?.Packages ?? []).Where(p => p.IsPinned).ToList();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "pin-list", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("packages"u8);
                pinned.ForEach(p => json.WriteStringValue(p.Id.ToString()));
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        var table = new Table("PACKAGE", "VERSION");
        pinned.ForEach(p => table.Add(p.Id.Name.Text, p.Id.Version.Text));
        table.Write(context.Terminal);
        return ExitCode.Ok;
    }
}
