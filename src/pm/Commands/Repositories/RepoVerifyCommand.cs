using System.CommandLine;
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
        var verbose = new Option<bool>("--verbose", "-v") { Description = "list what hurts nobody, too" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, verbose],
            Takes = CommonOptions.Json,
            Exits = [ExitCode.NotFound, ExitCode.Findings],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(directory) ?? parsed.Given(repository), parsed.Given(verbose))),
        };
    }

    static ExitCode Run(PmContext context, string? directory, bool listsAll)
    {
        var repository = RepositoryPlace.Open(context, directory);
        var result = repository.Verify(context.Time.GetUtcNow(), judge: null, context.Cancellation);
        if (context.Settings.Json)
        {
            WriteJson(context, repository, result);
        }
        else
        {
            WriteText(context, result, listsAll);
            SayExpiry(context, repository);
        }

        return result.IsGood ? ExitCode.Ok : ExitCode.Findings;
    }

    /// <summary>Where the metadata cannot be read that was said already.</summary>
    static void SayExpiry(PmContext context, DirectoryRepository repository)
    {
        try
        {
            ExpiryNotice.Say(context, repository);
        }
        catch (RepositoryException)
        {
        }
    }

    /// <summary>The worst first; what hurts nobody is a number unless more is asked for.</summary>
    static void WriteText(PmContext context, VerificationResult result, bool listsAll)
    {
        var table = new Table("STATE", "FILE", "DETAIL");
        var shown = result.Findings.Where(finding => finding.IsFault || listsAll).OrderByDescending(finding => finding.IsFault).ToList();
        shown.ForEach(finding => table.Add(Word(finding), finding.Path, finding.Message));
        table.Write(context.Terminal);
        if (result.Findings.Length - shown.Count is > 0 and var hidden)
        {
            context.Terminal.Note($"{Counted(hidden, "file")} that nobody needs or that the next change mends: `-v` lists them");
        }

        context.Terminal.Note($"{Counted(result.Packages, "package")}, {Counted(result.Blobs, "blob")}, {ByteSize.Text(result.SizeInBytes)} checked: "
            + (result.IsGood ? "good" : "not good"));
    }

    /// <summary>Who signs, and until when, cannot be told where the metadata or a file of keys cannot be read.</summary>
    static bool IsUnreadable(RepositoryFinding finding) => finding.Kind is FindingKind.Metadata
        || (finding.Kind is FindingKind.Damaged && finding.Path.StartsWith("keys/", StringComparison.Ordinal));

    static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    static string Word(RepositoryFinding finding) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Kind.ToString());

    static void WriteJson(PmContext context, DirectoryRepository repository, VerificationResult result) => JsonOutput.Write(context.Terminal, "repository-verification", json =>
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
        if (!result.Findings.Any(IsUnreadable))
        {
            ExpiryNotice.Write(context, json, repository);
        }

        json.WriteEndObject();
    });
}
