using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Commands.Packages;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Linux;
using Pm.Packages;
using Pm.Stages.Building;
using Pm.Stages.Projects;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm build [DIR]</c>.</summary>
static class BuildCommand
{
    public const string Summary = "make a package of source";

    const int DirectoryMode = 0b111_101_101;

    sealed record Request(string Directory, string? Output, string? Key, bool IsUnsigned, bool Checks);

    /// <summary>One package and where it went; nothing is known of what a dry run would build.</summary>
    sealed record Item(PackageId Id, string File, BuiltPackage? Built);

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string?>("DIR") { Description = "holds pm.toml (default: the working directory)", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "the file to write, or a directory to write it in, made if it ends with a slash (default: NAME-VERSION.pkg in the working directory)", HelpName = "FILE" };
        var check = new Option<bool>("--check") { Description = "build twice from nothing, compare, and write nothing but what differs" };
        var fresh = new Option<bool>("--fresh") { Description = "build what is built already, too" };
        var keep = new Option<bool>("--keep") { Description = "leave the scratch directory, until the next build of the package" };
        var timeLimit = CommonOptionSet.Span("--time-limit", "end the commands of a package after this: 90s, 30m, 8h (default: 2h)");
        var jobs = CommonOptionSet.Number("--jobs", "have a build run at most N commands at once (default: PM_JOBS, then the number of processors)");
        var key = new Option<string?>("--key") { Description = "sign with this key: a fingerprint, key id or e-mail address (default: PM_PGP_ID, PM_PGP_EMAIL, or the only one)", HelpName = "KEY" };
        var unsigned = new Option<bool>("--no-sign") { Description = "do not sign" };
        var types = new Option<string?>("--btf") { Description = "compile eBPF programs for the kernel with these types, in place of this one", HelpName = "FILE" };
        var project = new ProjectOptions();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [output, check, fresh, keep, timeLimit, jobs, key, unsigned, types, .. project.All],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline,
            Exits = [.. LockCommand.Exits, ExitCode.Findings],
            RunAsync = async (context, parsed) =>
            {
                RequireNoFile(context, parsed.Given(directory) ?? ".");
                context = ProjectBuilds.WithSettings(context, parsed.Given(directory) ?? ".");
                using var dependencies = context.Settings.DryRun ? null : await ProjectDependencies.BringAsync(context, context.FullPath(parsed.Given(directory) ?? "."), project, parsed);
                using var progress = new BuildProgress(context);
                var options = ProjectBuilds.Options(context, progress) with
                {
                    Dependencies = built => dependencies?.For(built),
                    IsFresh = parsed.Given(fresh),
                    Keeps = parsed.Given(keep),
                    TimeLimit = parsed.Given(timeLimit) ?? PackageBuild.UsualTimeLimit,
                    TypesPath = parsed.Given(types) is { } file ? context.FullPath(file) : null,
                    Jobs = parsed.Given(jobs) ?? ProjectBuilds.Jobs(context) ?? 0,
                };
                return await RunAsync(
                    context, new Request(parsed.Given(directory) ?? ".", parsed.Given(output), parsed.Given(key), parsed.Given(unsigned), parsed.Given(check)), options);
            },
        };
    }

    static async Task<ExitCode> RunAsync(PmContext context, Request request, BuildOptions options)
    {
        var project = ProjectBuilds.Read(context, request.Directory);
        var key = request.IsUnsigned || request.Checks ? null : PackageSigner.Choose(context, request.Key);
        var items = new List<Item>();
        var build = new ProjectBuild(options);
        if (context.Settings.DryRun)
        {
            items.AddRange(build.Look(project, context.Cancellation).Select(look => ItemOf(context, request, IdOf(look.Project), look.Built)));
            CheckOutput(context, request, items.Count);
        }
        else if (request.Checks)
        {
            var checkedPackages = await build.CheckAsync(project, null, context.Cancellation);
            items.AddRange(checkedPackages.Select(built => new Item(built.Package.Id, built.File, built)));
        }
        else
        {
            CheckOutput(context, request, Workspace.Packages(project, context.Cancellation).Count);
            _ = await build.RunAsync(project, built => items.Add(Written(context, request, built, key)), context.Cancellation);
        }

        Tell(context, request, items, key);
        return ExitCode.Ok;
    }

    /// <exception cref="CommandException">PM1002: a source or a manifest was named in place of its directory.</exception>
    static void RequireNoFile(PmContext context, string directory)
    {
        if (File.Exists(context.FullPath(directory)))
        {
            var (place, shown) = (Path.GetDirectoryName(directory) is { Length: > 0 } given ? given : ".", Hostile.OneLine(directory));
            throw CommandException.Usage(
                "PM1002", $"`{shown}` is a file: expected the directory of a manifest",
                ManifestFile.Find(context.FullPath(place)) is not null ? $"`pm build {Hostile.OneLine(place)}`"
                : $"`pm init {(directory.EndsWith(".bpf.c", StringComparison.Ordinal) ? "--ebpf " : "")}{Hostile.OneLine(place)}` writes a manifest");
        }
    }

    /// <summary>Each package is written as soon as it is built: when a later one fails, these are there.</summary>
    static Item Written(PmContext context, Request request, BuiltPackage built, KeyListing? key)
    {
        var item = ItemOf(context, request, built.Package.Id, built);
        if (request.Output?.EndsWith('/') == true)
        {
            using (DirectoryHandle.OpenOrMake(context.FullPath(request.Output), DirectoryMode))
            {
            }
        }

        ProjectBuilds.Write(context, built, item.File, key);
        return item;
    }

    static Item ItemOf(PmContext context, Request request, PackageId id, BuiltPackage? built)
    {
        var name = id.FileText + ".pkg";
        var output = context.FullPath(request.Output ?? ".");
        return new Item(id, Directory.Exists(output) || request.Output?.EndsWith('/') == true ? Path.Join(output, name) : output, built);
    }

    static PackageId IdOf(BuildProject project) => new(project.Manifest.Package!.Name, project.Manifest.Package.Version);

    /// <exception cref="CommandException">PM1171: one file for several packages.</exception>
    static void CheckOutput(PmContext context, Request request, int packages)
    {
        if (packages > 1 && request.Output is { } output && !output.EndsWith('/') && !Directory.Exists(context.FullPath(output)))
        {
            throw CommandException.Usage("PM1171", $"{Hostile.OneLine(output)} is no directory, and {packages} packages are written", $"mkdir -p {Hostile.OneLine(output)}");
        }
    }

    static void Tell(PmContext context, Request request, List<Item> items, KeyListing? key) => Outcome.Write(
        context, "build", json => WriteMembers(json, request, items, key), () =>
        {
            foreach (var item in items)
            {
                TellItem(context, request, item);
            }

            if (key is not null)
            {
                context.Terminal.Note($"{(context.Settings.DryRun ? "would sign" : "signed")} with {key.Fingerprint} {Hostile.OneLine(key.UserId)}");
            }
            else if (!request.IsUnsigned && !request.Checks)
            {
                context.Terminal.Note("not signed, as gpg holds no secret key: `pm key create`, then `pm pkg sign FILE`");
            }
        });

    static void TellItem(PmContext context, Request request, Item item)
    {
        var isDry = context.Settings.DryRun;
        if (!request.Checks)
        {
            context.Terminal.Data(Hostile.OneLine(Path.GetRelativePath(context.WorkingDirectory, item.File)));
        }

        context.Terminal.Note(item.Built switch
        {
            null => $"would build {item.Id}",
            _ when request.Checks && !isDry => $"two builds of {item.Id} are the same, package hash {item.Built.Package.Hash}",
            { IsCached: true } => $"{item.Id} is up to date, package hash {item.Built.Package.Hash}",
            _ => $"built {item.Id}, package hash {item.Built.Package.Hash}",
        });
        if (item.Built?.Kept is { } kept)
        {
            context.Terminal.Note($"its scratch directory: {Hostile.OneLine(kept)}");
        }
    }

    static void WriteMembers(Utf8JsonWriter json, Request request, List<Item> items, KeyListing? key)
    {
        json.WriteStartArray("packages"u8);
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, item.Id.Name.Text);
            json.WriteString("version"u8, item.Id.Version.Text);
            json.WriteString("file"u8, item.File);
            json.WriteString("hash"u8, item.Built?.Package.Hash.ToString());
            json.WriteString("input_hash"u8, item.Built?.InputHash);
            json.WriteBoolean("cached"u8, item.Built?.IsCached ?? false);
            json.WriteBoolean("checked"u8, request.Checks && item.Built is not null);
            json.WriteString("log"u8, item.Built?.Log);
            json.WriteString("scratch"u8, item.Built?.Kept);
            json.WriteString("signer"u8, key?.Fingerprint.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
