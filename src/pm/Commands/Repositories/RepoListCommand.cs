using Pm.Cli.Output;
using Pm.Packages.Index;
using Pm.Repositories;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo list [DIR]</c></summary>
static class RepoListCommand
{
    public const string Summary = "list what a repository has published";

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository],
            Takes = CommonOptions.Json,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(directory) ?? parsed.Given(repository))),
        };
    }

    static ExitCode Run(PmContext context, string? directory)
    {
        var repository = RepositoryPlace.Open(context, directory);
        var published = repository.List();
        if (context.Settings.Json)
        {
            WriteJson(context, repository, published);
            return ExitCode.Ok;
        }

        var table = new Table("PACKAGE", "VERSION", "SIZE", "SIGNER", "YANKED");
        foreach (var package in published.Select(t => t.Package))
        {
            table.Add(
                package.Name.Text, package.Version.Text, package.SizeInBytes is { } size ? ByteSize.Text(size) : "-",
                package.Signer ?? "unsigned", package.IsYanked ? package.YankReason ?? "yanked" : "-");
        }

        table.Write(context.Terminal);
        ExpiryNotice.Say(context, repository);
        return ExitCode.Ok;
    }

    static void WriteJson(PmContext context, DirectoryRepository repository, IReadOnlyList<PublishedTarget> published) =>
        JsonOutput.Write(context.Terminal, "published-list", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("packages"u8);
            foreach (var package in published.Select(t => t.Package))
            {
                json.WriteStartObject();
                json.WriteString("name"u8, package.Name.Text);
                json.WriteString("version"u8, package.Version.Text);
                json.WriteString("hash"u8, package.Hash?.ToString());
                json.WriteString("signer"u8, package.Signer);
                json.WriteBoolean("yanked"u8, package.IsYanked);
                json.WriteString("yank_reason"u8, package.YankReason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            ExpiryNotice.Write(context, json, repository);
            json.WriteEndObject();
        });
}
