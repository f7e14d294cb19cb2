using Pm.Cli.Output;
using Pm.Cli.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm recover</c></summary>
static class RecoverCommand
{
    public const string Summary = "finish or undo what an interrupted change left";

    public static CommandDeclaration Declare() => new()
    {
        Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout,
        Exits = [ExitCode.NotFound, ExitCode.LockBusy],
        RunAsync = (context, _) => ValueTask.FromResult(Run(context)),
    };

    static ExitCode Run(PmContext context)
    {
        using var looking = RootAccess.Open(context);
        if (context.Settings.DryRun)
        {
            return Say(context, looking.Root.NeedsRecovery ? "an interrupted change would be undone or finished"
                : looking.Root.IsDetached ? "what is not pm's would be taken over from before everything was removed"
                : null);
        }

        using var session = Pm.Stages.Roots.RootSession.OpenForChange(
            RootAccess.Place(context), RootAccess.Writer(context), context.Cancellation);
        var report = session.RequireWriter().Recovered;
        foreach (var note in report is { Outcome: not Pm.Storage.RecoveryOutcome.TakenOver } ? report.Notes : [])
        {
            context.Terminal.Note(Hostile.OneLine(note));
        }

        return Say(context, report?.ToString());
    }

    static ExitCode Say(PmContext context, string? what)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "recovery", json =>
            {
                json.WriteStartObject();
                json.WriteString("root"u8, context.Settings.Root);
                json.WriteString("found"u8, what);
                json.WriteEndObject();
            });
        }
        else
        {
            context.Terminal.Data(Hostile.OneLine($"{context.Settings.Root}: {what ?? "nothing to recover"}"));
        }

        return ExitCode.Ok;
    }
}
