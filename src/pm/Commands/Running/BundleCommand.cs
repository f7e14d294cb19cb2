using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Bundles;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm bundle FILE [PACKAGE…]</c></summary>
static class BundleCommand
{
    public const string Summary = "put packages with all they need into one file, for a machine without a network";

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string>("FILE") { Description = "the bundle that is written" };
        var targets = new Argument<string[]>("PACKAGE")
        {
            Description = "`NAME`, `NAME@VERSION`, or a `.pkg` file; without any: what the project needs, else what was asked for in the root",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var force = new Option<bool>("--force") { Description = "replace FILE when it is there already" };
        var project = new ProjectOptions();
        return new CommandDeclaration
        {
            Arguments = [file, targets],
            Options = [force, .. project.All],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.Project | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) =>
            {
                var place = new BundlePlace(context, parsed.GetRequiredValue(file), parsed.Given(force));
                return parsed.Given(targets) is null or [] && ProjectAccess.IsMeant(context)
                    ? ProjectBundling.RunAsync(context, parsed, project, place)
                    : RunAsync(context, place, parsed.Given(targets) ?? [], project.OnlyUnsigned(parsed));
            },
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, BundlePlace place, string[] targets, bool allowsUnsigned)
    {
        place.Require();
        context = context with { Verb = $"bundle {place.Shown}" };
        using var wanted = await Targets.ParseAsync(context, [.. targets], trustsUrls: false);
        if (context.Settings.DryRun)
        {
            using var looking = RootAccess.Open(context);
            Write(context, place, Coming(context, looking, wanted, place), size: null);
            return ExitCode.Ok;
        }

        using var session = RootAccess.OpenForChange(context);
        var coming = Coming(context, session, wanted, place);
        using var progress = new Progress(context, "fetching");
        var changes = RootAccess.Changes(context, session, HookRules.None, allowsUnsigned, RootAccess.Observer(context, progress));
        using (var output = new OutputFile(place.Path))
        {
            new BundleWriter(session, changes.Gate, Path.Join(session.Root.Path, Root.CacheDirectory, "fetch"), changes.Observer)
                .Write(output.Stream, coming, context.Cancellation);
            output.Commit();
        }

        progress.Dispose();
        Write(context, place, coming, new FileInfo(place.Path).Length);
        return ExitCode.Ok;
    }

    /// <summary>All that an empty root would need: nobody knows what the other machine has.</summary>
    static ImmutableArray<ProposedPackage> Coming(PmContext context, RootSession session, Targets wanted, BundlePlace place)
    {
        var names = wanted.Names.IsEmpty && wanted.Files.IsEmpty ? AskedIn(session, place) : wanted.Names;
        var proposer = new Proposer(
            null, () => session.Catalogue, _ => throw new System.Diagnostics.UnreachableException(), session.Root.Path)
        { MinimumAge = context.MinimumAge };
        return Conflicts.RequireFiles(context, proposer.Install(names, wanted.Files), session, names).Packages;
    }

    static ImmutableArray<Dependency> AskedIn(RootSession session, BundlePlace place)
    {
        place.RequireNoPackage(session);
        var asked = (session.Root.Current?.Packages ?? []).Where(p => p.IsAsked).Select(p => new Dependency(p.Id.Name, p.Id.Version)).ToImmutableArray();
        return asked.IsEmpty
            ? throw CommandException.Usage("PM1103", "no package was named, and none was asked for in the root", "`pm bundle FILE NAME…`")
            : asked;
    }

    static void Write(PmContext context, BundlePlace place, IReadOnlyList<ProposedPackage> packages, long? size)
    {
        if (context.Settings.Json)
        {
            WriteJson(context, place, packages, size);
            return;
        }

        var table = new Table("PACKAGE", "VERSION", "WHY", "FROM");
        foreach (var package in packages)
        {
            table.Add(package.Id.Name.Text, package.Id.Version.Text, package.IsAsked ? "asked" : "needed", package.Remote ?? package.File?.Name ?? "-");
        }

        table.Write(context.Terminal);
        if (size is { } bytes)
        {
            context.Terminal.Note($"wrote {place.Shown}, {ByteSize.Text(bytes)}; there: `pm install --bundle {place.Shown}`, with the publishers' keys trusted");
        }
    }

    static void WriteJson(PmContext context, BundlePlace place, IReadOnlyList<ProposedPackage> packages, long? size) =>
        JsonOutput.Write(context.Terminal, "bundle", json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("dry_run"u8, size is null);
            json.WriteString("file"u8, place.Path);
            json.WriteStartArray("packages"u8);
            foreach (var package in packages)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, package.Id.Name.Text);
                json.WriteString("version"u8, package.Id.Version.Text);
                json.WriteBoolean("asked"u8, package.IsAsked);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (size is { } bytes)
            {
                json.WriteNumber("size"u8, bytes);
            }

            json.WriteEndObject();
        });
}
