using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Packages.Locks;
using Pm.Stages.Projects;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm vendor [DIR]</c></summary>
static class VendorCommand
{
    public const string Summary = "keep everything that pm.lock names below the project";

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string?>("DIR") { Description = "where, below the project (default: what pm.toml says)", Arity = ArgumentArity.ZeroOrOne };
        var check = new Option<bool>("--check") { Description = "write nothing, and fail where DIR is not what pm.lock names" };
        var options = new ProjectOptions();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [check, .. options.All],
            Takes = LockCommand.Takes,
            Exits = LockCommand.Exits,
            RunAsync = (context, parsed) => RunAsync(context, parsed, options, parsed.Given(directory), parsed.Given(check)),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions options, string? named, bool checks)
    {
        (context, var project) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, project);
        var place = VendorPlace.Of(project, named);
        var wish = options.Read(parsed);
        using var flow = new ProjectFlow(context, project)
        {
            Options = wish,
            IsLocked = checks || options.IsLocked(parsed),
            TrustsFirstUse = options.TrustsFirstUse(parsed),
            AllowsUnsigned = options.AllowsUnsigned(parsed),
            PrefersPaths = true,
        };
        var writer = flow.Vendoring(place);
        var file = await flow.FitAsync(isRenewed: wish.IsMinimal || !wish.Accepted.IsEmpty);
        var plan = await writer.PlanAsync(file, context.Cancellation);
        if (checks)
        {
            RequireEmpty(plan, place);
        }
        else if (!context.Settings.DryRun)
        {
            flow.Save(file);
            await flow.VendorAsync(file, writer, plan);
        }

        flow.EndProgress();
        Tell(context, project, place, plan, checks);
        return ExitCode.Ok;
    }

    /// <exception cref="CommandException">PM7243: it is not what the lockfile names.</exception>
    static void RequireEmpty(VendorPlan plan, string place)
    {
        if (!plan.IsEmpty)
        {
            var lines = plan.Added.Select(i => $"\n  {i.Id} is locked, and not there").Concat(plan.Removed.Select(i => $"\n  {i.Id} is there, and not locked so"));
            throw new CommandException(ExitCode.Conflict, "PM7243", $"{Hostile.OneLine(place)} does not hold what {Project.LockName} names{string.Concat(lines)}", $"`pm vendor {place}` brings it up to date");
        }
    }

    static void Tell(PmContext context, Project project, string place, VendorPlan plan, bool checks) => Outcome.Write(
        context, "project-vendor", json => WriteMembers(json, project, place, plan), () =>
        {
            var table = new Table("DO", "PACKAGE", "VERSION", "IDENTITY");
            foreach (var (verb, item) in Changes(plan))
            {
                table.Add(verb, item.Id.Name.Text, item.Id.Version.Text, item.Hash?.ToString() ?? item.Tree!);
            }

            table.Write(context.Terminal);
            var isDry = context.Settings.DryRun || checks;
            context.Terminal.Note(Hostile.OneLine(plan.IsEmpty
                ? $"{place} holds what {Project.LockName} names: {plan.Wanted.Length}"
                : $"{place} {(isDry ? "would hold" : "holds")} {plan.Wanted.Length} now: {plan.Added.Length} new, {plan.Removed.Length} gone{(isDry ? " (dry run)" : "")}"));
            if (project.Manifest.Vendor != place)
            {
                context.Terminal.Note(Hostile.Visible($"to take from there, in {Path.GetFileName(project.ManifestPath)}:\n\n[vendor]\ndirectory = \"{place}\"\n"));
            }
        });

    static IEnumerable<(string Verb, VendoredItem Item)> Changes(VendorPlan plan) => plan.Removed.Select(i => ("drop", i)).Concat(plan.Added.Select(i => ("add", i)));

    static void WriteMembers(Utf8JsonWriter json, Project project, string place, VendorPlan plan)
    {
        json.WriteString("project"u8, project.Directory);
        json.WriteString("directory"u8, place);
        json.WriteBoolean("configured"u8, project.Manifest.Vendor == place);
        json.WriteNumber("count"u8, plan.Wanted.Length);
        json.WriteStartArray("changes"u8);
        foreach (var (verb, item) in Changes(plan))
        {
            json.WriteStartObject();
            json.WriteString("do"u8, verb);
            json.WriteString("name"u8, item.Id.Name.Text);
            json.WriteString("version"u8, item.Id.Version.Text);
            json.WriteString("hash"u8, item.Hash?.ToString());
            json.WriteString("tree"u8, item.Tree);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
