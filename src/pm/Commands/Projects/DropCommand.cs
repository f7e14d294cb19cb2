using System.CommandLine;
using Pm.Cli.Projects;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm drop NAME…</c></summary>
static class DropCommand
{
    public const string Summary = "take dependencies out of a project";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME") { Description = "a dependency of the project", Arity = ArgumentArity.OneOrMore };
        var options = new ProjectOptions();
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = options.Changing,
            Takes = LockCommand.Takes,
            Exits = LockCommand.Exits,
            RunAsync = (context, parsed) => RunAsync(context, parsed, options, [.. (parsed.Given(names) ?? []).Select(PackageName.Parse)]),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions options, PackageName[] names)
    {
        (context, var before) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, before);
        var editor = before.EditManifest();
        foreach (var name in names)
        {
            var there = before.Manifest.Dependencies.Where(d => d.Name == name).ToList();
            if (there.Count == 0)
            {
                throw new CommandException(ExitCode.NotFound, "PM1186", $"{before.Manifest.Document.File} names no dependency {name}", "`pm tree` shows what the project uses, and by whom");
            }

            foreach (var dependency in there)
            {
                // By its number now: modules before it may have gone.
                editor.Remove(dependency.Module is null
                    ? [.. TableOf(dependency.Scope), new TomlStep(name.Text)]
                    : ["module", before.With(editor.Document.Bytes).Manifest.Dependencies.First(d => d.Name == name && d.Module is not null).Module!.Value]);
            }
        }

        var project = before.With(editor.Document.Bytes);
        using var flow = options.Flow(context, parsed, project, options.Read(parsed));
        var file = await flow.FitAsync(isRenewed: false);
        flow.EndProgress();
        if (!context.Settings.DryRun)
        {
            // The manifest last: killed between the two, the same command again finds all to do that is not done.
            flow.Save(file);
            project.SaveManifest();
        }

        LockOutput.Write(context, "project-drop", project.Directory, before.Locked, file, null, $"{string.Join<PackageName>(", ", names)}: still there, because others need it");
        return ExitCode.Ok;
    }

    static TomlStep[] TableOf(DependencyScope scope) => scope switch
    {
        DependencyScope.Private => ["dependencies", "private"],
        DependencyScope.Build => ["build-dependencies"],
        _ => ["dependencies"],
    };
}
