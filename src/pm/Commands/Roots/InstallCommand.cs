using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm install NAME[@VERSION]|FILE.pkg…</c></summary>
static class InstallCommand
{
    public const string Summary = "install packages by name, or from files";

    public static CommandDeclaration Declare()
    {
        var targets = new Argument<string[]>("PACKAGE")
        {
            Description = "`NAME`, `NAME@VERSION`, or a `.pkg` file",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var scripts = RootOptions.Scripts();
        var unsigned = RootOptions.AllowUnsigned();
        var application = new Option<bool>("--application")
        {
            Description = "make a new root an application directory, which switches between generations in one instant",
        };
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [scripts, unsigned, application],
            Takes = CommonOptions.Changes | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => RunAsync(
                context,
                parsed.GetValue(targets) ?? [],
                parsed.GetValue(scripts) ? HookPolicy.Run : HookPolicy.Skip,
                parsed.GetValue(unsigned),
                parsed.GetValue(application) ? RootKind.Application : RootKind.Prefix),
        };
    }

    static ValueTask<ExitCode> RunAsync(
        PmContext context, string[] targets, HookPolicy hooks, bool allowsUnsigned, RootKind kind)
    {
        if (targets.Length == 0 || targets is ["."])
        {
            throw CommandException.Usage(
                "PM1103", "no package was named", "`pm install NAME`, or `pm install FILE.pkg`; `pm search WORD` finds names");
        }

        var wanted = Targets.Parse(context, targets);
        if (wanted.Files.IsEmpty && IsFulfilled(context, wanted.Names))
        {
            return ValueTask.FromResult(Nothing(context, wanted.Names));
        }

        return new ChangeFlow(context, proposer => proposer.Install(wanted.Names, wanted.Files))
        {
            Hooks = hooks,
            AllowsUnsigned = allowsUnsigned,
            Kind = kind,
            Idle = "already installed",
        }.RunAsync();
    }

    /// <summary>The common case of scripts: what is wanted is there. Answered without a lock and without the catalogue.</summary>
    static bool IsFulfilled(PmContext context, ImmutableArray<Dependency> names)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        return root is { NeedsRecovery: false } && Proposer.IsFulfilled(root.Current, names);
    }

    static ExitCode Nothing(PmContext context, ImmutableArray<Dependency> names)
    {
        if (context.Settings.Json)
        {
            ChangeOutput.WriteNothing(context);
            return ExitCode.Ok;
        }

        foreach (var name in names)
        {
            context.Terminal.Note($"{Hostile.OneLine(name.ToString())} is already installed in {context.Settings.Root}");
        }

        return ExitCode.Ok;
    }
}
