using System.CommandLine;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Export;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages.Bundles;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm export FORM PACKAGE [DIR]</c></summary>
static class ExportCommand
{
    public const string Summary = "make a package of Go, npm, Python or Ruby of a package";

    public static CommandDeclaration Declare()
    {
        var form = new Argument<string>("FORM") { Description = "`go`, `npm`, `pypi` or `gem`" };
        var target = new Argument<string>("PACKAGE") { Description = "`NAME`, `NAME@VERSION`, or a `.pkg` file" };
        var directory = new Argument<string?>("DIR") { Description = "the directory that is made (default: `ebpm-NAME`)", Arity = ArgumentArity.ZeroOrOne };
        var unsigned = RootOptions.AllowUnsigned();
        return new CommandDeclaration
        {
            Arguments = [form, target, directory],
            Options = [unsigned],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            RunAsync = (context, parsed) => RunAsync(context, FormOf(parsed.GetRequiredValue(form)), parsed.GetRequiredValue(target), parsed.Given(directory), parsed.Given(unsigned)),
        };
    }

    static ExportForm FormOf(string word) => ExportForm.All.FirstOrDefault(f => f.Word == word) ?? throw CommandException.Usage(
        "PM1002", $"FORM: expected {string.Join(", ", ExportForm.All.Select(f => f.Word))}, got `{Hostile.OneLine(word)}`", "`pm export npm NAME`");

    static async ValueTask<ExitCode> RunAsync(PmContext context, ExportForm form, string target, string? directory, bool allowsUnsigned)
    {
        context = context with { Verb = $"export {form.Word}" };
        using var wanted = await Targets.ParseAsync(context, [target], trustsUrls: false);
        if (context.Settings.DryRun)
        {
            using var looking = RootAccess.TryOpen(context);
            var id = Choose(context, looking, wanted).Id;
            var foreseen = new ExportSource { Id = id };
            var (place, files) = Plan(context, form, foreseen, directory);
            place.Require();
            Tell(context, form, foreseen, Shown(foreseen, directory), files);
            return ExitCode.Ok;
        }

        using var session = RootAccess.OpenForChange(context);
        var chosen = Choose(context, session, wanted);
        Plan(context, form, new ExportSource { Id = chosen.Id }, directory).Place.Require();
        using var progress = new Progress(context, "fetching");
        var changes = RootAccess.Changes(context, session, HookRules.None, allowsUnsigned, RootAccess.Observer(context, progress));
        var writer = new BundleWriter(session, changes.Gate, Path.Join(session.Root.Path, Root.CacheDirectory, "fetch"), changes.Observer);
        var (package, isSigned, pkg) = writer.OpenChecked(chosen, context.Cancellation);
        using (pkg)
        {
            var source = new ExportSource { Id = package.Id, Description = package.Description, IsUnsigned = !isSigned };
            var (place, files) = Plan(context, form, source, directory);
            place.Write(files, pkg);
            progress.Dispose();
            Tell(context, form, source, Shown(source, directory), files);
        }

        return ExitCode.Ok;
    }

    static ProposedPackage Choose(PmContext context, RootSession? session, Targets wanted)
    {
        var proposer = session is null
            ? Proposer.OfNothing(context.Settings.Root)
            : new Proposer(null, () => session.Catalogue, _ => throw new System.Diagnostics.UnreachableException(), session.Root.Path) { MinimumAge = context.MinimumAge };
        var packages = Conflicts.RequireFiles(context, proposer.Install(wanted.Names, wanted.Files), session, wanted.Names).Packages;
        var chosen = packages.Single(p => p.IsAsked);
        return packages.Length == 1 ? chosen : throw new CommandException(
            ExitCode.Conflict, "PM1132", $"{chosen.Id} needs {string.Join(", ", packages.Where(p => !p.IsAsked).Select(p => p.Id))}, so it does not run by itself",
            "`pm bundle` puts a package and what it needs into one file");
    }

    /// <exception cref="CommandException">PM8083: it cannot be called so there.</exception>
    static (ExportDirectory Place, IReadOnlyList<ExportFile> Files) Plan(PmContext context, ExportForm form, ExportSource source, string? directory)
    {
        if (source.Id.Name.Text.Contains('+', StringComparison.Ordinal))
        {
            throw new CommandException(ExitCode.Invalid, "PM8083", $"{source.Id}: the name of {form.What} has no `+`", "build it under another name");
        }

        if (!char.IsAsciiLetterOrDigit(source.Id.Name.Text[^1]))
        {
            throw new CommandException(ExitCode.Invalid, "PM8083", $"{source.Id}: the name of {form.What} ends with a letter or a digit, not with `{source.Id.Name.Text[^1]}`", "build it under another name");
        }

        var version = form.Version(source.Id.Version)
            ?? throw new CommandException(ExitCode.Invalid, "PM8083", $"{source.Id}: {source.Id.Version} cannot be the version of {form.What}", "build it as `1.2.3` or `1.2.3-rc.1`");
        var shown = Shown(source, directory);
        return (new ExportDirectory(context.FullPath(shown), shown, form), form.Files(source, version));
    }

    static string Shown(ExportSource source, string? directory) => directory is null ? source.Name : directory.TrimEnd('/') is { Length: > 0 } plain ? plain : directory;

    /// <summary>To npm a word with a slash in it is a repository of a stranger's, unless it begins as the path of a file does; to Go a module.</summary>
    static string Place(string directory) => directory.StartsWith('/') || directory.StartsWith("./", StringComparison.Ordinal) || directory.StartsWith("../", StringComparison.Ordinal) ? directory : "./" + directory;

    static void Tell(PmContext context, ExportForm form, ExportSource source, string directory, IReadOnlyList<ExportFile> files) => Outcome.Write(
        context, "export",
        json =>
        {
            json.WriteString("form"u8, form.Word);
            json.WriteString("package"u8, source.Id.ToString());
            json.WriteString("name"u8, source.Name);
            json.WriteString("version"u8, form.Version(source.Id.Version));
            json.WriteString("directory"u8, context.FullPath(directory));
            Outcome.WriteTexts(json, "files", files.Select(f => f.Path));
        },
        () =>
        {
            context.Terminal.Data(Hostile.OneLine(directory));
            context.Terminal.Note(context.Settings.DryRun
                ? $"nothing was written (dry run): {form.What} of {source.Id}, {files.Count} files"
                : $"{form.What} of {source.Id}: {Hostile.OneLine(form.Use(source, Place(directory)))}");
        });
}
