using System.CommandLine;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Output;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Bundles;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary><c>pm fetch</c> of a project: all that its lockfile names is on this machine afterwards, to be built and installed without a network.</summary>
static class ProjectFetch
{
    public static async ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions options, string? file)
    {
        var bundle = file is null ? null : ProjectBundle.Read(context.FullPath(file), Hostile.OneLine(file));
        (context, var project) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, project);
        var wish = options.Read(parsed);
        using var flow = new ProjectFlow(context, project)
        {
            Options = wish,
            IsLocked = bundle is not null || options.IsLocked(parsed),
            TrustsFirstUse = options.TrustsFirstUse(parsed),
            AllowsUnsigned = options.AllowsUnsigned(parsed),
            Bundle = bundle,
        };
        var isRenewed = wish.IsMinimal || !wish.Accepted.IsEmpty;
        var locked = isRenewed || project.Drift(wish.Features).Count > 0 ? null : project.Locked;
        if ((context.Settings.Offline || bundle is not null) && locked is not null)
        {
            RequireHere(flow.LookFor(locked), bundle);
        }

        // What a dry run looks at needs no source to be fetched for it, where there is a lockfile.
        var chosen = context.Settings.DryRun && locked is not null ? locked : await flow.FitAsync(isRenewed);
        var before = flow.LookFor(chosen);
        if (context.Settings.Offline)
        {
            RequireHere(before, bundle);
        }

        var isWritten = flow.Save(chosen);
        var traffic = context.Settings.DryRun ? default((long, long)?) : (await flow.FetchAsync(chosen)).Traffic;
        flow.EndProgress();
        Write(context, project, before, isWritten, traffic);
        return ExitCode.Ok;
    }

    /// <exception cref="CommandException">PM7504: something is not, and nobody may be asked; PM7246: nor is it in the bundle.</exception>
    static void RequireHere(IReadOnlyList<LockedItem> items, ProjectBundle? bundle)
    {
        var missing = items.Where(i => !i.IsHere && bundle?.Has(i.Package) is not true).ToList();
        if (missing.Count > 0)
        {
            var lines = missing.Select(i => $"\n  {i.Package.Id} ({SourceKeys.Describe(i.Package.Source)})");
            throw bundle is not null
                ? new CommandException(
                    ExitCode.NotFound, "PM7246", $"{bundle.Name} does not hold all that {Project.LockName} names:{string.Concat(lines)}", "it is of another lockfile: `pm bundle FILE` again, with this one")
                : new CommandException(
                ExitCode.Unreachable, "PM7504", $"not on this machine, and --offline was given:{string.Concat(lines)}", "`pm fetch` brings them while there is a network");
        }
    }

    static void Write(PmContext context, Project project, IReadOnlyList<LockedItem> items, bool isWritten, (long Copied, long Shared)? traffic)
    {
        if (context.Settings.Json)
        {
            WriteJson(context, project, items, isWritten, traffic);
            return;
        }

        var coming = items.Where(i => !i.IsHere).ToList();
        var table = new Table("PACKAGE", "VERSION", "SOURCE", "IDENTITY");
        coming.ForEach(i => table.Add(i.Package.Id.Name.Text, i.Package.Id.Version.Text, SourceKeys.Describe(i.Package.Source), Identity(i.Package) ?? "-"));
        table.Write(context.Terminal);
        var there = items.Count - coming.Count;
        var written = !isWritten ? "" : traffic is null ? $"{Project.LockName} would be written; " : $"{Project.LockName} was written; ";
        context.Terminal.Note((coming.Count, traffic) switch
        {
            (0, _) => $"{written}everything is on this machine",
            (_, null) => $"{written}nothing was fetched (dry run): {coming.Count} would come, {there} are here",
            (_, var (copied, shared)) => $"{written}fetched {coming.Count}, {there} were here; copied {ByteSize.Text(copied)}, shared {ByteSize.Text(shared)}",
        });
    }

    static string? Identity(LockedPackage package) => package.Hash?.ToString() ?? package.Commit ?? package.SourceTree;

    static void WriteJson(PmContext context, Project project, IReadOnlyList<LockedItem> items, bool isWritten, (long Copied, long Shared)? traffic) =>
        JsonOutput.Write(context.Terminal, "project-fetch", json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("dry_run"u8, context.Settings.DryRun);
            json.WriteString("project"u8, project.Directory);
            json.WriteBoolean("lock_written"u8, isWritten);
            json.WriteStartArray("packages"u8);
            foreach (var item in items)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, item.Package.Id.Name.Text);
                json.WriteString("version"u8, item.Package.Id.Version.Text);
                json.WriteString("source"u8, SourceKeys.Describe(item.Package.Source));
                json.WriteString("hash"u8, item.Package.Hash?.ToString());
                json.WriteString("commit"u8, item.Package.Commit);
                json.WriteString("tree"u8, item.Package.SourceTree);
                json.WriteBoolean("was_here"u8, item.IsHere);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (traffic is var (copied, shared))
            {
                json.WriteNumber("copied"u8, copied);
                json.WriteNumber("shared"u8, shared);
            }

            json.WriteEndObject();
        });
}
