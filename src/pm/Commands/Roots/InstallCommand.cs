using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Bundles;
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
        var scripts = new ScriptOptions();
        var project = new ProjectOptions();
        var trust = RootOptions.Trust();
        var application = new Option<bool>("--application")
        {
            Description = "make a new root an application directory, which switches between generations in one instant",
        };
        var bundle = new Option<string?>("--bundle")
        {
            Description = "take the packages from FILE, which `pm bundle` wrote, and from nowhere else; without names all that it was made for",
            HelpName = "FILE",
        };
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [.. scripts.All, trust, application, bundle, .. project.All],
            Takes = CommonOptions.Changes | CommonOptions.MinimumAge | CommonOptions.Project | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => IsProject(context, parsed.Given(targets) ?? [], parsed.Given(bundle))
                ? ProjectVerbs.InstallAsync(context, parsed, project, scripts.Read(context, parsed))
                : RunAsync(
                context,
                parsed.Given(targets) ?? [],
                parsed.Given(bundle),
                scripts.Read(context, parsed),
                project.OnlyUnsigned(parsed),
                parsed.Given(trust),
                parsed.Given(application) ? RootKind.Application : RootKind.Prefix),
        };
    }

    /// <summary>Without a name, or with the directory of a project for one, what its lockfile names is meant.</summary>
    static bool IsProject(PmContext context, string[] targets, string? bundle) =>
        bundle is null && targets is [] or ["."] && ProjectAccess.IsMeant(context);

    static async ValueTask<ExitCode> RunAsync(
        PmContext context, string[] targets, string? file, HookRules hooks, bool allowsUnsigned, bool trustsUrls, RootKind kind)
    {
        if (file is null && (targets.Length == 0 || targets is ["."]))
        {
            throw CommandException.Usage(
                "PM1103", "no package was named, and there is no project here", "`pm install NAME`, or `pm install FILE.pkg`; `pm search WORD` finds names; `pm init` begins a project");
        }

        var bundle = file is null ? null : Bundle.Read(context.FullPath(file), file);
        using var wanted = bundle is null ? await Targets.ParseAsync(context, targets, trustsUrls) : NamedIn(context, bundle, file!, targets);
        if (wanted.Files.IsEmpty && IsFulfilled(context, wanted.Names))
        {
            return Nothing(context, wanted.Names);
        }

        return await new ChangeFlow(context, proposer => bundle is null
            ? proposer.Install(wanted.Names, wanted.Files)
            : proposer.InstallFrom(bundle.All, wanted.Names))
        {
            Hooks = hooks,
            AllowsUnsigned = allowsUnsigned,
            Kind = kind,
            Idle = "already installed",
        }.RunAsync();
    }

    /// <summary>What was named, else what the bundle was made for.</summary>
    /// <exception cref="CommandException">PM7002: it is not in it.</exception>
    static Targets NamedIn(PmContext context, Bundle bundle, string file, string[] targets)
    {
        if (targets.Length == 0)
        {
            return Targets.Of([.. bundle.Asked.Select(f => new Dependency(f.Id.Name, f.Id.Version))]);
        }

        var wanted = targets.Select(t => Targets.NameOf(context, t)).ToImmutableArray();
        return wanted.FirstOrDefault(name => !bundle.All.Any(f => f.Id.Name == name.Name)) is not { } missing
            ? Targets.Of(wanted)
            : throw new CommandException(
                ExitCode.NotFound, "PM7002", $"{Hostile.OneLine(file)} holds no package {missing.Name}: it was made for {string.Join(", ", bundle.Asked.Select(f => f.Id))}",
                "nothing but the bundle is asked: without `--bundle` the remotes are");
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
            ChangeJson.WriteNothing(context, []);
            return ExitCode.Ok;
        }

        foreach (var name in names)
        {
            context.Terminal.Note($"{Hostile.OneLine(name.ToString())} is already installed in {context.Settings.Root}");
        }

        return ExitCode.Ok;
    }
}
