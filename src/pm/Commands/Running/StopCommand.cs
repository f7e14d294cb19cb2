using System.CommandLine;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Pm.Cli.Ebpf;
using Pm.Cli.Output;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Pinning;
using Pm.Linux;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm stop NAME…</c></summary>
static class StopCommand
{
    public const string Summary = "end what runs on its own";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME") { Description = "as `pm ps` shows it; the number may be left out where only one of that name runs", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "end all" };
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = [all],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.LockBusy],
            Complete = PinnedNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(names) ?? [], parsed.Given(all))),
        };
    }

    static ExitCode Run(PmContext context, string[] names, bool isAll)
    {
        if (isAll == names.Length > 0)
        {
            throw CommandException.Usage("PM1002", isAll ? "`--all` and names exclude each other" : "which? `NAME`, or `--all`", "`pm ps` lists what runs");
        }

        var meant = isAll ? [.. PinnedObject.Names()] : names.Select(PinnedNames.Require).Distinct().ToList();
        var patience = FilterTurns.Of(context);
        Exception? failure = null;
        var left = !isAll ? 0 : context.Settings.DryRun ? PinnedObject.CountLeft() : Try(() => PinnedObject.StopLeft(patience));
        var stopped = context.Settings.DryRun ? meant : meant.Where(n => Try(() => PinnedObject.Stop(n, patience))).ToList();
        if (failure is not null)
        {
            if (stopped.Count + left > 0)
            {
                context.Terminal.Note($"ended {string.Join(", ", Ended(stopped, left))}");
            }

            ExceptionDispatchInfo.Throw(failure);
        }

        Outcome.Write(
            context,
            "stopped",
            json => Outcome.WriteTexts(json, "names", stopped.Select(n => $"{n}")),
            () => context.Terminal.Note(
                stopped.Count + left == 0 ? "nothing runs on its own" : $"{(context.Settings.DryRun ? "would end" : "ended")} {string.Join(", ", Ended(stopped, left))}"));
        return ExitCode.Ok;

        // That one cannot be ended is no reason to leave the others; why, is told in the end.
        T? Try<T>(Func<T> act)
        {
            try
            {
                return act();
            }
            catch (Exception e) when (e is BpfException or LockBusyException)
            {
                failure ??= e;
                return default;
            }
        }
    }

    static IEnumerable<string> Ended(List<PinnedName> stopped, int left) =>
        stopped.Select(n => $"{n}").Concat(left == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{left} that a pm left behind when it was killed")]);
}
