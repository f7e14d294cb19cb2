using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm rollback [N]</c></summary>
static class RollbackCommand
{
    public const string Summary = "go back to an earlier generation";

    public static CommandDeclaration Declare()
    {
        var number = RootOptions.Generation("N", "the generation to go back to; the one before this when none is named");
        var scripts = new ScriptOptions();
        return new CommandDeclaration
        {
            Arguments = [number],
            Options = [.. scripts.All],
            Takes = CommonOptions.Changes,
            Exits = [ExitCode.NotFound, ExitCode.Conflict, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Generations,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(number), scripts.Read(context, parsed))),
        };
    }

    static ExitCode Run(PmContext context, int? number, HookRules hooks)
    {
        RootAccess.NameScope(context);
        using (RootAccess.Open(context))
        {
            // A root that is not there is not made.
        }

        using var session = context.Settings.DryRun ? RootAccess.Open(context) : RootAccess.OpenForChange(context);
        var to = number ?? Before(session);
        using var progress = new Progress(context, "going back");
        var changes = new RootChanges(session, RootAccess.Changes(
            context, session, hooks, allowsUnsigned: false, RootAccess.Observer(context, progress)));
        var report = context.Settings.DryRun ? changes.PreviewRollback(to) : changes.Rollback(to, context.Cancellation);
        progress.Dispose();
        ChangeOutput.Write(context, report);
        DistrustedSigners.Tell(context, session.Root, report.Plan.Packages);
        return report.Plan.Conflicts.IsEmpty ? ExitCode.Ok : ExitCode.Conflict;
    }

    /// <summary>The generation before this one whose packages differ: going back twice goes back two steps.</summary>
    static int Before(RootSession session)
    {
        var current = session.Root.Current;
        var start = current is null ? null : Origin(session.Root, current);
        var before = start is null ? null : session.Root.Generations()
            .LastOrDefault(g => g.Number < start.Number && !g.HoldsSamePackages(current!.Packages));
        return before?.Number ?? throw new CommandException(
            ExitCode.NotFound, "PM1109", $"{session.Root.Path}: there is no generation to go back to", "`pm generations` lists them");
    }

    /// <summary>A generation that a rollback made counts as the one it restored.</summary>
    static Generation Origin(Root root, Generation generation) =>
        generation.RestoredFrom is { } number && root.Find(number) is { } restored ? Origin(root, restored) : generation;
}
