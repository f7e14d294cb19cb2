using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Toml;
using Pm.Stages.Projects;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm init [DIR]</c></summary>
static class InitCommand
{
    public const string Summary = "begin a project: write its pm.toml";

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string?>("DIR") { Description = "made when it is missing (default: the working directory)", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "what the package is called, `NAME` or `OWNER/NAME` (default: the directory's name)", HelpName = "NAME" };
        var version = new Option<string?>("--version") { Description = "its version (default: 0.1.0)", HelpName = "VERSION" };
        var bare = new Option<bool>("--bare") { Description = "no [package]: for a project that only uses packages" };
        var ebpf = new Option<bool>("--ebpf") { Description = "an eBPF program: with its source, a README.md and a .gitignore" };
        var template = new Option<string?>("--template") { Description = $"with --ebpf, the program to begin with: bootstrap, minimal, template (default: {EbpfTemplate.Usual})", HelpName = "NAME" };
        var config = new Option<bool>("--config-json") { Description = "with --ebpf, write the manifest as config.json in place of pm.toml" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [name, version, bare, ebpf, template, config],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.Invalid, ExitCode.Conflict],
            RunAsync = (context, parsed) => ValueTask.FromResult(
                parsed.Given(ebpf) || parsed.Given(template) is not null || parsed.Given(config)
                    ? Begin(context, context.FullPath(parsed.Given(directory) ?? "."), parsed.Given(name), parsed.Given(version), parsed.Given(template), parsed.Given(config), parsed.Given(bare))
                    : Run(context, context.FullPath(parsed.Given(directory) ?? "."), parsed.Given(name), parsed.Given(version), parsed.Given(bare))),
        };
    }

    static ExitCode Run(PmContext context, string directory, string? name, string? version, bool isBare)
    {
        RefuseProject(context, directory);
        var text = isBare ? Bare() : Package(NameOf(directory, name), PackageVersion.Parse(version ?? "0.1.0"));
        var path = Path.Join(directory, ManifestFile.Names[0]);
        var shown = Path.GetRelativePath(context.WorkingDirectory, path);
        if (!context.Settings.DryRun)
        {
            const int DirectoryMode = 0b111_101_101;
            using var handle = DirectoryHandle.OpenOrMake(directory, DirectoryMode);
            DurableFile.ClearLeft(handle, isAlone: false);
            DurableFile.Replace(path, text);
        }

        Outcome.Write(
            context, "project-init", json => json.WriteString("manifest"u8, path),
            () =>
            {
                context.Terminal.Data(Hostile.OneLine(shown));
                context.Terminal.Note(context.Settings.DryRun ? "nothing was written (dry run)" : isBare ? "`pm get NAME` adds a package and brings it" : $"`pm add NAME` adds a dependency; {BuildOf(shown)} makes the package");
            });
        return ExitCode.Ok;
    }

    /// <summary>What builds what lies beside a manifest.</summary>
    static string BuildOf(string manifest) => Path.GetDirectoryName(manifest) is { Length: > 0 } directory ? Hostile.OneLine($"`pm build {directory}`") : "`pm build`";

    static ExitCode Begin(PmContext context, string directory, string? name, string? version, string? template, bool isJson, bool isBare)
    {
        if (isBare)
        {
            throw CommandException.Usage("PM1002", "`--bare` and `--ebpf` exclude each other", "give one of them");
        }

        RefuseProject(context, directory);
        var (package, first) = (NameOf(directory, name), PackageVersion.Parse(version ?? "0.1.0"));
        var files = (template is null ? EbpfTemplate.OfSources(directory, package, first, isJson) : null) ?? EbpfTemplate.Find(template ?? EbpfTemplate.Usual).Files(package, first, isJson);
        // One that is there with these bytes is from a run that was ended.
        if (files.Select(f => (Path: Path.Join(directory, f.Key), Text: f.Value)).FirstOrDefault(f => Path.Exists(f.Path) && !IsSame(f.Path, f.Text)) is { Path: { } other })
        {
            throw new CommandException(ExitCode.Conflict, "PM1188", $"{Hostile.OneLine(Path.GetRelativePath(context.WorkingDirectory, other))} is there already", "`pm init --ebpf DIR` begins in another directory");
        }

        if (!context.Settings.DryRun)
        {
            const int DirectoryMode = 0b111_101_101;
            using var handle = DirectoryHandle.OpenOrMake(directory, DirectoryMode);
            DurableFile.ClearLeft(handle, isAlone: false);
            foreach (var (file, text) in files)
            {
                DurableFile.Replace(handle, file, text);
            }
        }

        var shown = Path.GetRelativePath(context.WorkingDirectory, directory);
        Outcome.Write(
            context, "project-init",
            json =>
            {
                json.WriteString("manifest"u8, Path.Join(directory, files[^1].Key));
                Outcome.WriteTexts(json, "files", files.Select(f => Path.Join(directory, f.Key)));
            },
            () =>
            {
                foreach (var (file, _) in files)
                {
                    context.Terminal.Data(Hostile.OneLine(shown == "." ? file : Path.Join(shown, file)));
                }

                context.Terminal.Note(context.Settings.DryRun ? "nothing was written (dry run)" : Hostile.OneLine($"`{context.InvokedAs} build{(shown == "." ? "" : " " + shown)}` makes the package"));
            });
        return ExitCode.Ok;
    }

    static bool IsSame(string path, byte[] text) => new FileInfo(path) is { Exists: true } file && file.Length == text.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(text);

    /// <exception cref="CommandException">PM1188: there is one.</exception>
    static void RefuseProject(PmContext context, string directory)
    {
        if (Directory.Exists(directory) && ManifestFile.Find(directory) is { } there)
        {
            throw new CommandException(ExitCode.Conflict, "PM1188", $"{Path.GetRelativePath(context.WorkingDirectory, there)} is there already", "`pm add NAME` adds a dependency");
        }
    }

    /// <exception cref="PackageFormatException">PM2001: what was given is no name.</exception>
    /// <exception cref="CommandException">PM1189: the directory's is none.</exception>
    static PackageName NameOf(string directory, string? given)
    {
        if (given is not null)
        {
            return PackageName.Parse(given);
        }

        var own = Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)).ToLowerInvariant();
        return PackageName.TryParse(own, out var name)
            ? name
            : throw CommandException.Usage("PM1189", $"the directory's name `{Hostile.OneLine(own)}` cannot be a package's", "`pm init --name NAME`");
    }

    /// <summary>Every line of it can stand as it is.</summary>
    static byte[] Package(PackageName name, PackageVersion version)
    {
        var writer = ManifestHead.Of(name, version);
        writer.Comment("What belongs to the package as it lies here: files = [\"bin/**\"]. How the rest is made: [build], see `pm help build`.");
        writer.Table("dependencies");
        return writer.ToBytes();
    }

    static byte[] Bare()
    {
        var writer = new TomlWriter();
        writer.Table("dependencies");
        return writer.ToBytes();
    }
}
