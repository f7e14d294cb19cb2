using System.CommandLine;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm fetch NAME…</c></summary>
static class FetchCommand
{
    public const string Summary = "bring packages to this machine without installing them";

    public static CommandDeclaration Declare()
    {
        var targets = new Argument<string[]>("PACKAGE")
        {
            Description = "`NAME`, `NAME@VERSION`, a `.pkg` file, or the URL of one",
            Arity = ArgumentArity.OneOrMore,
        };
        var unsigned = RootOptions.AllowUnsigned();
        var trust = RootOptions.Trust();
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [unsigned, trust],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => RunAsync(context, parsed.GetRequiredValue(targets), parsed.Given(unsigned), parsed.Given(trust)),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] targets, bool allowsUnsigned, bool trustsUrls)
    {
        using var wanted = await Targets.ParseAsync(context, targets, trustsUrls);
        if (context.Settings.DryRun)
        {
            using var looking = RootAccess.Open(context);
            WriteDry(context, Coming(looking, wanted));
            return ExitCode.Ok;
        }

        using var session = RootAccess.OpenForChange(context);
        var coming = Coming(session, wanted);
        using var progress = new Progress(context, "fetching");
        var changes = new RootChanges(session, RootAccess.Changes(
            context, session, HookPolicy.Skip, allowsUnsigned, RootAccess.Observer(context, progress)));
        var fetched = await changes.FetchAsync(coming, context.Cancellation);
        progress.Dispose();
        Write(context, fetched, changes.Traffic);
        return ExitCode.Ok;
    }

    /// <summary>What was named and what that needs, without what is installed.</summary>
    static List<ProposedPackage> Coming(RootSession session, Targets wanted) =>
        [.. Conflicts.Require(Proposer.Of(session).Install(wanted.Names, wanted.Files)).Packages.Where(p => p.Installed is null)];

    static void WriteDry(PmContext context, List<ProposedPackage> coming) =>
        coming.ForEach(p => context.Terminal.Data($"{p.Id}\t{p.Remote ?? p.File?.Name}"));

    static void Write(PmContext context, IReadOnlyList<Package> fetched, (long Copied, long Shared) traffic)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "fetch", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("packages"u8);
                foreach (var package in fetched)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, package.Id.Name.Text);
                    json.WriteString("version"u8, package.Id.Version.Text);
                    json.WriteString("hash"u8, package.Hash.ToString());
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteNumber("copied"u8, traffic.Copied);
                json.WriteNumber("shared"u8, traffic.Shared);
                json.WriteEndObject();
            });
            return;
        }

        var table = new Table("PACKAGE", "VERSION", "HASH");
        foreach (var package in fetched)
        {
            table.Add(package.Id.Name.Text, package.Id.Version.Text, package.Hash.ToString());
        }

        table.Write(context.Terminal);
        context.Terminal.Note($"copied {ByteSize.Text(traffic.Copied)}, shared {ByteSize.Text(traffic.Shared)}");
    }
}
