using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Projects;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Pm.Stages.Projects;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm add NAME…</c>, and with the installation <c>pm get NAME…</c></summary>
static class AddCommand
{
    public const string Summary = "add dependencies to a project and choose versions for them";

    sealed record Request(ImmutableArray<WantedDependency> Wanted, string[] Table, bool IsOptional, string[] Features, bool Installs);

    public static CommandDeclaration Declare() => Declare(installs: false);

    public static CommandDeclaration Declare(bool installs)
    {
        var packages = new Argument<string[]>("PACKAGE") { Description = "`NAME`, `NAME@REQUIREMENT`, or a source: git+URL#REF, github:OWNER/NAME, URL#sha256=HEX, ./PATH", Arity = ArgumentArity.OneOrMore };
        var source = new Option<string?>("--source") { Description = "where the package comes from, in place of the remotes", HelpName = "SOURCE" };
        var isPrivate = new Option<bool>("--private") { Description = "for this project alone: others that need it may have other versions" };
        var isBuild = new Option<bool>("--build") { Description = "needed only while the project is built" };
        var optional = new Option<bool>("--optional") { Description = "there only when a feature of the project asks for it" };
        var with = new Option<string[]>("--with") { Description = "switch on a feature of the package", HelpName = "FEATURE", CustomParser = result => [.. result.Tokens.Select(t => t.Value)] };
        var options = new ProjectOptions();
        return new CommandDeclaration
        {
            Arguments = [packages],
            Options = [source, isPrivate, isBuild, optional, with, .. options.Changing],
            Takes = LockCommand.Takes,
            Exits = installs ? [.. LockCommand.Exits, ExitCode.RolledBack] : LockCommand.Exits,
            RunAsync = (context, parsed) => RunAsync(context, parsed, options, new Request(
                Wanted(parsed.Given(packages) ?? [], parsed.Given(source)),
                parsed.Given(isPrivate) ? ["dependencies", "private"] : parsed.Given(isBuild) ? ["build-dependencies"] : ["dependencies"],
                parsed.Given(optional), parsed.Given(with) ?? [], installs)),
        };
    }

    static ImmutableArray<WantedDependency> Wanted(string[] texts, string? source)
    {
        var wanted = texts.Select(WantedDependency.Parse).ToImmutableArray();
        if (source is null)
        {
            return wanted;
        }

        if (wanted is not [{ Name: not null }])
        {
            throw CommandException.Usage("PM1185", "--source is of one package, which is named", "`pm add NAME --source SOURCE`");
        }

        return PackageSource.TryParse(source, out var from, out var fault)
            ? [wanted[0] with { Source = from }]
            : throw CommandException.Usage("PM1185", fault);
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions options, Request request)
    {
        var directory = ProjectAccess.DirectoryOf(context);
        (context, var before) = Project.IsAt(directory) ? ProjectAccess.Open(context) : (context, Project.Begin(directory));
        ProjectAccess.NameScope(context, before);
        var editor = before.EditManifest();
        using var naming = new ProjectFlow(context, before);
        var names = new List<PackageName>();
        foreach (var wanted in request.Wanted)
        {
            var name = wanted.Name ?? await naming.NameOfAsync(wanted.Source!);
            names.Add(name);
            editor.Set(Steps(request.Table, name), wanted.Value(wanted.Requirement, request.IsOptional, request.Features));
        }

        var wish = options.Read(parsed) with { Updated = [.. names] };
        var project = before.With(editor.Document.Bytes);
        using var flow = options.Flow(context, parsed, project, wish);
        var file = await flow.FitAsync(isRenewed: true);

        // What a name alone was taken for stands there as a range, so that nobody is led to a version that breaks it.
        foreach (var (wanted, name) in request.Wanted.Zip(names).Where(p => p.First is { Requirement: null, Source: null }))
        {
            if ((file.Find("", name) ?? file.Find(Lockfile.OwnTree, name)) is { } found)
            {
                editor.Set(Steps(request.Table, name), wanted.Value($"^{found.Id.Version.Text.Split('+')[0]}", request.IsOptional, request.Features));
            }
        }

        project = before.With(editor.Document.Bytes);
        if (context.Settings.DryRun)
        {
            flow.EndProgress();
            LockOutput.Write(context, "project-add", project.Directory, before.Locked, file, null, "nothing would change");
            return ExitCode.Ok;
        }

        // The manifest last: killed between the two, the same command again finds all to do that is not done.
        flow.Save(file);
        project.SaveManifest();
        var installed = request.Installs ? (await flow.InstallAsync(file)).Changes : null;
        flow.EndProgress();
        LockOutput.Write(context, request.Installs ? "project-get" : "project-add", project.Directory, before.Locked, file, installed, $"{string.Join(", ", names)}: there already");
        return ExitCode.Ok;
    }

    static TomlStep[] Steps(string[] table, PackageName name) => [.. table.Select(t => new TomlStep(t)), new TomlStep(name.Text)];
}
