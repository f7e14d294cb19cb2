using System.Collections.Immutable;
using System.CommandLine;
using Pm.Blobs;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm fetch [NAME…]</c></summary>
static class FetchCommand
{
    public const string Summary = "bring packages to this machine without installing them";

    public static CommandDeclaration Declare()
    {
        var targets = new Argument<string[]>("PACKAGE")
        {
            Description = "`NAME`, `NAME@VERSION`, a `.pkg` file, or the URL of one; without any: what the project needs",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var bundle = new Option<string?>("--bundle")
        {
            Description = "in a project: take what pm.lock names from FILE, which `pm bundle` wrote, and from nowhere else",
            HelpName = "FILE",
        };
        var project = new ProjectOptions();
        var trust = RootOptions.Trust();
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [trust, bundle, .. project.All],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.Project | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => IsProject(context, parsed.Given(targets) ?? [])
                ? ProjectFetch.RunAsync(context, parsed, project, parsed.Given(bundle))
                : parsed.Given(bundle) is not null
                ? throw CommandException.Usage("PM1191", "--bundle is of a project, and none is meant here", "`pm install --bundle FILE` takes packages from a bundle; `--project DIR` names a project")
                : RunAsync(context, parsed.Given(targets) ?? [], project.OnlyUnsigned(parsed), parsed.Given(trust)),
        };
    }

    static bool IsProject(PmContext context, string[] targets) => targets is [] or ["."] && ProjectAccess.IsMeant(context);

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] targets, bool allowsUnsigned, bool trustsUrls)
    {
        if (targets is [] or ["."])
        {
            throw CommandException.Usage("PM1103", "no package was named, and there is no project here", "`pm fetch NAME`, or `pm fetch` where pm.toml is");
        }

        using var wanted = await Targets.ParseAsync(context, targets, trustsUrls);
        if (context.Settings.DryRun)
        {
            return await PreviewAsync(context, wanted, allowsUnsigned);
        }

        using var session = RootAccess.OpenForChange(context);
        var coming = Coming(context, session, wanted, out var expired);
        using var progress = new Progress(context, "fetching");
        var changes = Changes(context, session, allowsUnsigned, progress);
        var fetched = await changes.FetchAsync(coming, context.Cancellation);
        session.Store.SyncNames();
        progress.Dispose();
        Write(context, [.. fetched.Select(p => (p.Id, (MerkleRoot?)p.Hash))], changes.Traffic, expired);
        return ExitCode.Ok;
    }

    /// <summary>What fetching would give, judged as then; a root that is not there trusts nobody, so only names are told.</summary>
    static async ValueTask<ExitCode> PreviewAsync(PmContext context, Targets wanted, bool allowsUnsigned)
    {
        using var session = RootAccess.TryOpen(context);
        if (session is null)
        {
            var named = Conflicts.Require(context, Proposer.OfNothing(context.Settings.Root).Install(wanted.Names, wanted.Files), null, wanted.Names).Packages;
            Write(context, [.. named.Select(p => (p.Id, default(MerkleRoot?)))], null, []);
            return ExitCode.Ok;
        }

        var coming = Coming(context, session, wanted, out var expired);
        using var progress = new Progress(context, "looking");
        var changes = Changes(context, session, allowsUnsigned, progress);
        var seen = await changes.LookAsync(coming, context.Cancellation);
        progress.Dispose();
        Write(context, [.. seen.Select(p => (p.Id, (MerkleRoot?)p.Hash))], changes.Traffic, expired);
        return ExitCode.Ok;
    }

    /// <summary>What was named and what that needs, without what is installed.</summary>
    static List<ProposedPackage> Coming(PmContext context, RootSession session, Targets wanted, out ImmutableArray<ExpiredList> expired)
    {
        var proposal = Conflicts.Require(context, Proposer.Of(session, context.MinimumAge).Install(wanted.Names, wanted.Files), session, wanted.Names);
        expired = OfferRemarks.Write(context, session, proposal);
        return [.. proposal.Packages.Where(p => p.Installed is null)];
    }

    static RootChanges Changes(PmContext context, RootSession session, bool allowsUnsigned, Progress progress) => new(
        session, RootAccess.Changes(context, session, HookRules.None, allowsUnsigned, RootAccess.Observer(context, progress)));

    /// <param name="context">The run.</param>
    /// <param name="packages">The hash is null where nothing was looked into.</param>
    /// <param name="traffic">Bytes of content; null where nothing was looked into.</param>
    /// <param name="expired">The remotes whose lists are out of date.</param>
    static void Write(
        PmContext context, IReadOnlyList<(PackageId Id, MerkleRoot? Hash)> packages, (long Copied, long Shared)? traffic, ImmutableArray<ExpiredList> expired)
    {
        if (context.Settings.Json)
        {
            WriteJson(context, packages, traffic, expired);
            return;
        }

        var table = new Table("PACKAGE", "VERSION", "HASH");
        foreach (var (id, hash) in packages)
        {
            table.Add(id.Name.Text, id.Version.Text, hash?.ToString() ?? "-");
        }

        table.Write(context.Terminal);
        context.Terminal.Note((context.Settings.DryRun, traffic) switch
        {
            (false, var (copied, shared)) => $"copied {ByteSize.Text(copied)}, shared {ByteSize.Text(shared)}",
            (true, var (copied, shared)) => $"nothing was fetched (dry run): would copy {ByteSize.Text(copied)}, share {ByteSize.Text(shared)}",
            _ => "nothing was fetched (dry run); the root would be made",
        });
    }

    static void WriteJson(
        PmContext context, IReadOnlyList<(PackageId Id, MerkleRoot? Hash)> packages, (long Copied, long Shared)? traffic, ImmutableArray<ExpiredList> expired) =>
        JsonOutput.Write(context.Terminal, "fetch", json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("dry_run"u8, context.Settings.DryRun);
            json.WriteStartArray("packages"u8);
            foreach (var (id, hash) in packages)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, id.Name.Text);
                json.WriteString("version"u8, id.Version.Text);
                json.WriteString("hash"u8, hash?.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            OfferRemarks.WriteJson(json, expired);
            if (traffic is var (copied, shared))
            {
                json.WriteNumber("copied"u8, copied);
                json.WriteNumber("shared"u8, shared);
            }

            json.WriteEndObject();
        });
}
