using Pm.Cli.Output;
using Pm.Repositories;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo verify [DIR]</c></summary>
static class RepoVerifyCommand
{
    public const string Summary = "check a whole repository as a client would, and more";

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository],
            Takes = CommonOptions.Json,
            Exits = [ExitCode.NotFound, ExitCode.Findings],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(directory) ?? parsed.Given(repository))),
        };
    }

    static ExitCode Run(PmContext context, string? directory)
    {
        var repository = RepositoryPlace.Open(context, directory);
        var result = repository.Verify(context.Time.GetUtcNow(), judge: null, context.Cancellation);
        if (context.Settings.Json)
        {
            WriteJson(context, result);
        }
        else
        {
            var table = new Table("STATE", "FILE", "DETAIL");
            foreach (var finding in result.Findings)
            {
                table.Add(Word(finding), finding.Path, finding.Message);
            }

            table.Write(context.Terminal);
            context.Terminal.Note($"{result.Packages} packages, {result.Blobs} blobs, {ByteSize.Text(result.SizeInBytes)} checked: "
                + (result.IsGood ? "good" : "not good"));
        }

        return result.IsGood ? ExitCode.Ok : ExitCode.Findings;
    }

    static string Word(RepositoryFinding finding) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Kind.ToString());

    static void WriteJson(PmContext context, VerificationResult result) => JsonOutput.Write(context.Terminal, "repository-verification", json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("good"u8, result.IsGood);
        json.WriteNumber("packages"u8, result.Packages);
        json.WriteNumber("blobs"u8, result.Blobs);
        json.WriteStartArray("findings"u8);
        foreach (var finding in result.Findings)
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, Word(finding));
            json.WriteString("path"u8, finding.Path);
            json.WriteString("message"u8, finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
