using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Stages.Hooks;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>What <c>pm install .</c> and <c>pm update</c> do where a project is meant.</summary>
static class ProjectVerbs
{
    /// <summary>Everything that the project needs is there afterwards, as its lockfile says.</summary>
    public static async ValueTask<ExitCode> InstallAsync(PmContext context, ParseResult parsed, ProjectOptions options, HookRules hooks)
    {
        (context, var project) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, project);
        var wish = options.Read(parsed);
        return await CarryOutAsync(context, parsed, options, project, wish, hooks, "project-install", wish.IsMinimal || !wish.Accepted.IsEmpty, "everything is there");
    }

    /// <summary>Newer versions within what the manifest allows, and newer commits of branches; then all of it is installed.</summary>
    /// <param name="context">The run.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its options.</param>
    /// <param name="names">Of packages; all when none is named.</param>
    /// <param name="hooks">Whether scripts run.</param>
    /// <exception cref="CommandException">PM1183: one of them is not locked.</exception>
    public static async ValueTask<ExitCode> UpdateAsync(PmContext context, ParseResult parsed, ProjectOptions options, ImmutableArray<PackageName> names, HookRules hooks)
    {
        (context, var project) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, project);
        RequireLocked(project, names);
        var wish = options.Read(parsed) with { Updated = names, UpdatesAll = names.IsEmpty };
        return await CarryOutAsync(context, parsed, options, project, wish, hooks, "project-update", isRenewed: true, "everything is at its newest version that pm.toml allows");
    }

    static async ValueTask<ExitCode> CarryOutAsync(
        PmContext context, ParseResult parsed, ProjectOptions options, Project project, LockOptions wish, HookRules hooks, string kind, bool isRenewed, string idle)
    {
        using var flow = new ProjectFlow(context, project)
        {
            Options = wish,
            IsLocked = options.IsLocked(parsed),
            TrustsFirstUse = options.TrustsFirstUse(parsed),
            AllowsUnsigned = options.AllowsUnsigned(parsed),
            Hooks = hooks,
        };
        var file = await flow.FitAsync(isRenewed);
        if (context.Settings.DryRun)
        {
            flow.EndProgress();
            LockOutput.Write(context, kind, project.Directory, project.Locked, file, null, MissingOf(context, project, file) is 0 ? idle : $"nothing was changed (dry run): {MissingOf(context, project, file)} packages would be installed");
            return ExitCode.Ok;
        }

        // The lockfile goes first: what it names can be brought again, and who looks at what is installed finds what it was chosen by.
        flow.Save(file);
        var (installer, changes) = await flow.InstallAsync(file);
        flow.EndProgress();
        foreach (var built in installer.Built.Where(b => !b.IsCached))
        {
            context.Terminal.Note(Hostile.OneLine($"built {built.Package.Id}"));
        }

        LockOutput.Write(context, kind, project.Directory, project.Locked, file, changes, idle);
        return ExitCode.Ok;
    }

    /// <summary>How many of the shared packages of a lockfile are not installed as it says.</summary>
    static int MissingOf(PmContext context, Project project, Lockfile file)
    {
        using var root = OwnRoot.IsOurs(context, project.Directory) ? Storage.Root.TryOpen(project.RootPath) : null;
        return file.Packages.Count(p => p.Tree.Length == 0 && !(root?.Current?.Find(p.Id.Name) is { } there && there.Id == p.Id && (p.Hash is null || p.Hash == there.Hash)));
    }

    static void RequireLocked(Project project, ImmutableArray<PackageName> names)
    {
        foreach (var name in names)
        {
            if (project.Locked?.Packages.Any(p => p.Id.Name == name) is not true)
            {
                throw new CommandException(ExitCode.NotFound, "PM1183", $"the project does not use {name}", $"`pm add {name}` makes it; `pm tree` shows what it uses");
            }
        }
    }
}
