using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Commands.Packages;
using Pm.Cli.Output;
using Pm.Packages.Pkg;
using Pm.Repositories;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo publish [--repo DIR] FILE…</c></summary>
static class RepoPublishCommand
{
    public const string Summary = "publish package files, all in one step";

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a signed `.pkg`", Arity = ArgumentArity.OneOrMore };
        var repository = RepositoryPlace.Option();
        var unsigned = new Option<bool>("--allow-unsigned") { Description = "publish packages that nobody signed; a bad signature is refused all the same" };
        return new CommandDeclaration
        {
            Arguments = [files],
            Options = [repository, unsigned],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(repository), parsed.GetRequiredValue(files), parsed.Given(unsigned))),
        };
    }

    internal static ExitCode Run(PmContext context, string? directory, string[] files, bool allowsUnsigned)
    {
        var repository = RepositoryPlace.Open(context, directory);
        var paths = files.Select(context.FullPath).ToList();
        foreach (var file in files)
        {
            // What is no file is said before the repository is locked, in the words of the command line.
            InputFile.Open(context, file, $"`pm pkg create {Hostile.OneLine(file)}` makes a package of it").Dispose();
        }

        if (context.Settings.DryRun)
        {
            return Look(context, repository, files, paths);
        }

        var items = repository.Publish(paths, RepositoryPublishers.Options(context, repository, allowsUnsigned), RepositoryPlace.Access(context));
        Write(context, items);
        return ExitCode.Ok;
    }

    static ExitCode Look(PmContext context, DirectoryRepository repository, string[] files, List<string> paths)
    {
        var published = repository.List().ToDictionary(t => t.Package.Id, t => t.Package.Hash);
        var items = new List<PublishedItem>();
        for (var i = 0; i < files.Length; i++)
        {
            using var archive = PkgArchive.Open(File.OpenRead(paths[i]), files[i]);
            items.Add(new PublishedItem(paths[i], archive.Id, archive.ClaimedHash, null, !published.ContainsKey(archive.Id)));
        }

        Write(context, items);
        return ExitCode.Ok;
    }

    internal static void Write(PmContext context, IReadOnlyList<PublishedItem> items)
    {
        var dry = context.Settings.DryRun;
        Outcome.Write(context, "publish", json => WriteMembers(json, items), () =>
        {
            var table = new Table(dry ? ["DO", "PACKAGE", "VERSION"] : ["DO", "PACKAGE", "VERSION", "SIGNER"]);
            foreach (var item in items)
            {
                string[] cells = [item.IsNew ? "publish" : "there", item.Id.Name.Text, item.Id.Version.Text];
                table.Add(dry ? cells : [.. cells, item.Signer ?? "unsigned"]);
            }

            table.Write(context.Terminal);
        });
    }

    static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<PublishedItem> items)
    {
        json.WriteStartArray("packages"u8);
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteString("file"u8, item.File);
            json.WriteString("name"u8, item.Id.Name.Text);
            json.WriteString("version"u8, item.Id.Version.Text);
            json.WriteString("hash"u8, item.Hash?.ToString());
            json.WriteString("signer"u8, item.Signer);
            json.WriteBoolean("new"u8, item.IsNew);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
