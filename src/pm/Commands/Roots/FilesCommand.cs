using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Looking;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm files NAME[@VERSION]…</c></summary>
static class FilesCommand
{
    public const string Summary = "list the files of packages";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("PACKAGE")
        {
            Description = "`NAME` or `NAME@VERSION`: installed, of a kept generation, or fetched",
            Arity = ArgumentArity.OneOrMore,
        };
        return new CommandDeclaration
        {
            Arguments = [names],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(names))),
        };
    }

    public static ExitCode Run(PmContext context, IReadOnlyList<string> texts)
    {
        var wanted = texts.Select(t => Targets.NameOf(context, t)).ToList();
        using var session = RootAccess.TryOpen(context);
        var found = wanted.Select(w => Find(context, session, w)).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, session!, found);
            return ExitCode.Ok;
        }

        foreach (var (package, installed) in found)
        {
            var top = installed is null ? "" : session!.Root.ContentPath.TrimEnd('/') + "/";
            foreach (var entry in package.Entries)
            {
                context.Terminal.Data(PathText.Show(top + entry.Path) + (entry.Kind is EntryKind.Directory ? "/" : ""));
            }
        }

        return ExitCode.Ok;
    }

    static PackageFiles Find(PmContext context, RootSession? session, Dependency wanted)
    {
        if (session is not null && PackageFiles.Find(session, wanted) is { } found)
        {
            return found;
        }

        var offered = session is null ? null : wanted.Exact is { } version
            ? session.Catalogue.Index.Find(new PackageId(wanted.Name, version))
            : session.Catalogue.Index.Newest(wanted.Name);
        throw offered is not null
            ? new CommandException(
                ExitCode.NotFound, "PM1110", $"{wanted} is not installed; its files are known once it is fetched", $"`pm install {wanted}`, or `pm fetch {wanted}` to look first")
            : PackageNames.Unknown(context, session, wanted);
    }

    static void WriteJson(PmContext context, RootSession session, IReadOnlyList<PackageFiles> found) =>
        JsonOutput.Write(context.Terminal, "file-list", json =>
        {
            json.WriteStartObject();
            json.WriteString("root"u8, session.Root.Path);
            json.WriteString("content"u8, session.Root.ContentPath);
            json.WriteStartArray("packages"u8);
            foreach (var (package, installed) in found)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, package.Id.Name.Text);
                json.WriteString("version"u8, package.Id.Version.Text);
                json.WriteString("hash"u8, package.Hash.ToString());
                json.WriteBoolean("installed"u8, installed is not null);
                json.WriteStartArray("files"u8);
                foreach (var entry in package.Entries)
                {
                    PackageJson.WriteEntry(json, entry, entry.Kind is EntryKind.File ? session.Store.LengthOf(entry.Root) : null);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
