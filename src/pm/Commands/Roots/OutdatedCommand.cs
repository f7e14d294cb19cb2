using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Cli.Roots;
using Pm.Stages.Looking;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm outdated</c></summary>
static class OutdatedCommand
{
    public const string Summary = "list installed packages that have newer versions";

    public static CommandDeclaration Declare()
    {
        var exitCode = new Option<bool>("--exit-code") { Description = "exit with 8 when there are any" };
        return new CommandDeclaration
        {
            Options = [exitCode],
            Takes = CommonOptions.Reads | CommonOptions.Project,
            Exits = [ExitCode.Findings],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(exitCode))),
        };
    }

    static ExitCode Run(PmContext context, bool showsInExit)
    {
        if (ProjectAccess.IsMeant(context))
        {
            return ProjectOutdated.Run(context, showsInExit);
        }

        using var session = RootAccess.TryOpen(context);
        var outdated = session is null ? [] : OutdatedPackage.Of(session, context.MinimumAge);
        var expired = session is null ? [] : session.Catalogue.Expired(context.Time.GetUtcNow());
        OfferRemarks.Write(context, expired);
        if (context.Settings.Json)
        {
            WriteJson(context, outdated, expired);
        }
        else
        {
            var table = new Table("PACKAGE", "CURRENT", "WANTED", "LATEST", "NOTE");
            foreach (var package in outdated)
            {
                table.Add(
                    package.Installed.Id.Name.Text, package.Installed.Id.Version.Text, package.Wanted?.Text ?? "-",
                    package.Latest?.Version.Text ?? "-", Note(package));
            }

            table.Write(context.Terminal);
            if (outdated.IsEmpty)
            {
                context.Terminal.Note(
                    PackageNames.NothingPulled(session) ?? "everything is at its newest version, as of the last `pm pull`");
            }
        }

        return showsInExit && !outdated.IsEmpty ? ExitCode.Findings : ExitCode.Ok;
    }

    static string Note(OutdatedPackage package)
    {
        var yanked = package.IsYanked ? $"yanked{(package.Offer!.YankReason is { } reason ? ": " + reason : "")}" : null;
        var pinned = package.Installed.IsPinned ? "pinned" : null;
        var text = string.Join("; ", new[] { pinned, yanked }.OfType<string>());
        return text.Length > 0 ? text : "-";
    }

    static void WriteJson(PmContext context, ImmutableArray<OutdatedPackage> outdated, ImmutableArray<ExpiredList> expired) =>
        JsonOutput.Write(context.Terminal, "outdated-list", json =>
        {
            json.WriteStartObject();
            json.WriteString("root"u8, context.Settings.Root);
            json.WriteStartArray("packages"u8);
            foreach (var package in outdated)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, package.Installed.Id.Name.Text);
                json.WriteString("current"u8, package.Installed.Id.Version.Text);
                json.WriteString("wanted"u8, package.Wanted?.Text);
                json.WriteString("latest"u8, package.Latest?.Version.Text);
                json.WriteString("remote"u8, package.Latest?.Remote);
                json.WriteBoolean("pinned"u8, package.Installed.IsPinned);
                json.WriteBoolean("yanked"u8, package.IsYanked);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            OfferRemarks.WriteJson(json, expired);
            json.WriteEndObject();
        });
}
