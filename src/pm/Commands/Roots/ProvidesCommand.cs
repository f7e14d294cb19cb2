using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages.Looking;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm provides CMD…</c></summary>
static class ProvidesCommand
{
    public const string Summary = "say which packages have a command or a capability";

    public static CommandDeclaration Declare()
    {
        var words = new Argument<string[]>("WORD")
        {
            Description = "a command, a capability, or a package's name",
            Arity = ArgumentArity.OneOrMore,
        };
        return new CommandDeclaration
        {
            Arguments = [words],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(words))),
        };
    }

    static ExitCode Run(PmContext context, IReadOnlyList<string> words)
    {
        using var session = RootAccess.TryOpen(context);
        var answers = words.Select(w => (Word: w, Providers: session is null ? [] : Provider.Find(session, w))).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, answers.SelectMany(a => a.Providers.Select(p => (a.Word, p))));
        }
        else
        {
            var table = new Table("PACKAGE", "VERSION", "STATE", "HOW");
            foreach (var provider in answers.SelectMany(a => a.Providers))
            {
                table.Add(provider.Id.Name.Text, provider.Id.Version.Text, State(provider), provider.How);
            }

            table.Write(context.Terminal);
            foreach (var (word, _) in answers.Where(a => a.Providers.IsEmpty))
            {
                ErrorReport.Print(context, new Failure(
                    ExitCode.NotFound, "PM1113", $"{word}: no package provides it, neither installed nor offered", PackageNames.Hint(session, word)));
            }
        }

        return answers.TrueForAll(a => !a.Providers.IsEmpty) ? ExitCode.Ok : ExitCode.NotFound;
    }

    static string State(Provider provider) => provider.IsInstalled ? "installed" : "available";

    static void WriteJson(PmContext context, IEnumerable<(string Word, Provider Provider)> answers) =>
        JsonOutput.Write(context.Terminal, "provider-list", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("providers"u8);
            foreach (var (word, provider) in answers)
            {
                json.WriteStartObject();
                json.WriteString("word"u8, word);
                json.WriteString("name"u8, provider.Id.Name.Text);
                json.WriteString("version"u8, provider.Id.Version.Text);
                json.WriteString("remote"u8, provider.Remote);
                json.WriteString("state"u8, State(provider));
                json.WriteString("how"u8, provider.How);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
