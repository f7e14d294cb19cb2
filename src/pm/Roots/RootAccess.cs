using Pm.Cli.Output;
using Pm.Linux;
using Pm.Stages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>How commands come to the root that the settings name.</summary>
static class RootAccess
{
    /// <summary>Where the root is, and what a new one would be.</summary>
    public static RootPlace Place(PmContext context) => new(
        context.Settings.Root, context.Settings.Store, context.EffectiveUserId == 0 ? "system" : "user")
    {
        Http = () => HttpAccess.Settings(context),
    };

    /// <summary>Opens the root to look at it; null when pm never wrote there.</summary>
    public static RootSession? TryOpen(PmContext context) => RootSession.TryOpen(context.Settings.Root, () => HttpAccess.Settings(context));

    /// <summary>Opens a root that must be there.</summary>
    /// <exception cref="CommandException">PM1101: pm never wrote there.</exception>
    public static RootSession Open(PmContext context) => TryOpen(context) ?? throw NoRoot(context);

    /// <summary>Opens the root to change it, made first when it is missing. Says what it waits for and what it mended.</summary>
    public static RootSession OpenForChange(PmContext context, RootKind kind = RootKind.Prefix)
    {
        var session = RootSession.OpenForChange(Place(context) with { Kind = kind }, Writer(context), context.Cancellation);
        if (session.RequireWriter().Recovered is { } recovered)
        {
            context.Terminal.Note(Hostile.OneLine($"{session.Root.Path}: {recovered}"));
            foreach (var note in recovered is { Outcome: not RecoveryOutcome.TakenOver } ? recovered.Notes : [])
            {
                context.Terminal.Note(Hostile.OneLine(note));
            }
        }

        return session;
    }

    /// <summary>How this run takes locks.</summary>
    public static WriterOptions Writer(PmContext context) => new()
    {
        Holder = context.CommandLine,
        LockTimeout = context.Settings.LockTimeout,
        Time = context.Time,
        Waiting = holder => context.Terminal.Note(WaitingFor(holder)),
    };

    /// <summary>How this run changes a root.</summary>
    public static ChangeOptions Changes(
        PmContext context, RootSession session, HookRules hooks, bool allowsUnsigned, StageObserver observer) => new()
        {
            Command = context.CommandLine,
            Now = context.Time.GetUtcNow(),
            Gate = new SignatureGate(Signatures.Decider(context, session.Root)) { AllowsUnsigned = allowsUnsigned, HintOfUnsigned = file => HintOfUnsigned(context, file) },
            Hooks = hooks,
            IsOffline = context.Settings.Offline,
            Jobs = context.Settings.Jobs,
            Observer = observer,
        };

    /// <summary>For one's own, and for its maker; what has no name of its own that a command line takes is not named.</summary>
    static string HintOfUnsigned(PmContext context, LocalFile file) => file.Region is null && context.FullPath(file.Name) == file.Path
        ? $"`pm {context.Verb} --allow-unsigned {Hostile.OneLine(file.Name)}` takes one's own; its maker signs it: `pm pkg sign {Hostile.OneLine(file.Name)}`"
        : "`--allow-unsigned` takes one's own; its maker signs it: `pm pkg sign FILE`";

    /// <summary>Shows what a stage does through <paramref name="progress"/>.</summary>
    public static StageObserver Observer(PmContext context, Progress progress) => new()
    {
        Expecting = progress.Expect,
        Received = progress.Advance,
        Working = progress.Describe,
        Finished = progress.Forget,
        Note = line => context.Terminal.Note(Hostile.Visible(line)),
    };

    /// <summary>The first line of a change: which root it is about.</summary>
    public static void NameScope(PmContext context)
    {
        var scope = context.Settings.RootIsNamed ? "" : context.EffectiveUserId == 0 ? " (system)" : " (user)";
        context.Terminal.Note($"root {context.Settings.Root}{scope}");
    }

    static CommandException NoRoot(PmContext context) => new(
        ExitCode.NotFound, "PM1101", $"{context.Settings.Root}: nothing was ever installed here",
        "`pm install NAME` makes it; `--root DIR` or PM_ROOT names another");

    /// <summary>Whom this run waits for.</summary>
    public static string WaitingFor(LockHolder? holder) => $"waiting for {(holder is null ? "another pm" : $"`{Hostile.OneLine(holder.ToString()!)}`")} to finish";
}
