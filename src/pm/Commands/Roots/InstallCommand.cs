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
            Description = "`NAME`, `NAME@VERSION`, a `.pkg` file, or the URL of one",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var scripts = RootOptions.Scripts();
        var unsigned = RootOptions.AllowUnsigned();
        var trust = RootOptions.Trust();
        var application = new Option<bool>("--application")
        {
            Description = "make a new root an application directory, which switches between generations in one instant",
        };
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [scripts, unsigned, trust, application],
            Takes = CommonOptions.Changes | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => RunAsync(
                context,
                parsed.GetValue(targets) ?? [],
                parsed.GetValue(scripts) ? HookPolicy.Run : HookPolicy.Skip,
                parsed.GetValue(unsigned),
                parsed.GetValue(trust),
                parsed.GetValue(application) ? RootKind.Application : RootKind.Prefix),
        };
    }

    static async ValueTask<ExitCode> RunAsync(
        PmContext context, string[] targets, HookPolicy hooks, bool allowsUnsigned, bool trustsUrls, RootKind kind)
    {
        if (targets.Length == 0 || targets is ["."])
        {
            throw CommandException.Usage(
                "PM1103", "no package was named", "`pm install NAME`, or `pm install FILE.pkg`; `pm search WORD` finds names");
        }

        using var wanted = await Targets.ParseAsync(context, targets, trustsUrls);
        if (wanted.Files.IsEmpty && IsFulfilled(context, wanted.Names))
        {
            return Nothing(context, wanted.Names);
        }

        return await new ChangeFlow(context, proposer => proposer.Install(wanted.Names, wanted.Files))
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
