using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages.Index;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm search WORD…</c></summary>
static class SearchCommand
{
    public const string Summary = "search what the remotes offer";

    const int NarrowestText = 20;
    const int UsualLimit = 50;

    public static CommandDeclaration Declare()
    {
        var words = new Argument<string[]>("WORD")
        {
            Description = "looked for in names, capabilities and descriptions; all of them must be found",
            Arity = ArgumentArity.OneOrMore,
        };
        var limit = new Option<int?>("--limit") { Description = $"show the best N only (default: {UsualLimit}); 0: all", HelpName = "N" };
        limit.CustomParser = LimitOf;
        return new CommandDeclaration
        {
            Arguments = [words],
            Options = [limit],
            Takes = CommonOptions.Reads | CommonOptions.Offline,
            Exits = [ExitCode.NotFound],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(words), parsed.Given(limit) ?? UsualLimit)),
        };
    }

    static int? LimitOf(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        result.AddError($"--limit: expected a number from 0 on, got `{result.Tokens[0].Value}`");
        return null;
    }

    static ExitCode Run(PmContext context, string[] words, int limit)
    {
        using var session = RootAccess.TryOpen(context);
        var index = session?.Catalogue.Index ?? PackageIndex.Empty;
        var result = index.Search(words, limit == 0 ? int.MaxValue : limit);
        if (context.Settings.Json)
        {
            WriteJson(context, session, result);
            return result.Total > 0 ? ExitCode.Ok : ExitCode.NotFound;
        }

        if (result.Total == 0)
        {
            throw new CommandException(
                ExitCode.NotFound, "PM1114", $"no package has {string.Join(" and ", words.Select(w => $"`{w}`"))} in its name or description",
                PackageNames.Hint(session, words[0]));
        }

        WriteText(context, session!, result.Hits);
        if (result.Total > result.Hits.Count)
        {
            context.Terminal.Note($"and {result.Total - result.Hits.Count} more: another word narrows it, `--limit 0` shows all");
        }

        return ExitCode.Ok;
    }

    static void WriteText(PmContext context, RootSession session, IReadOnlyList<SearchHit> hits)
    {
        if (!context.Terminal.OutputIsTerminal)
        {
            var plain = new Table("PACKAGE", "VERSION", "DESCRIPTION");
            foreach (var (package, _) in hits)
            {
                plain.Add(package.Name.Text, package.Version.Text, FirstLine(package));
            }

            plain.Write(context.Terminal);
            return;
        }

        const int gaps = 3 * 2;
        const string installed = "INSTALLED";
        var left = hits.Max(h => h.Package.Name.Text.Length) + Math.Max("VERSION".Length, hits.Max(h => h.Package.Version.Text.Length));
        var room = Math.Max(context.Terminal.Width - left - installed.Length - gaps - 1, NarrowestText);
        var table = new Table("PACKAGE", "VERSION", installed, "DESCRIPTION");
        foreach (var (package, _) in hits)
        {
            var text = FirstLine(package);
            table.Add(
                package.Name.Text, package.Version.Text, session.Root.Current?.Find(package.Name)?.Id.Version.Text ?? "-",
                text.Length > room ? text[..(room - 1)] + "…" : text);
        }

        table.Write(context.Terminal);
    }

    static string FirstLine(AvailablePackage package)
    {
        var text = package.Title is { } title ? $"{title}: {package.Description}" : package.Description;
        return text.Split('\n', 2)[0].Trim();
    }

    static void WriteJson(PmContext context, RootSession? session, SearchResult result) =>
        JsonOutput.Write(context.Terminal, "search-result", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total"u8, result.Total);
            json.WriteStartArray("packages"u8);
            foreach (var (package, rank) in result.Hits)
            {
                json.WriteStartObject();
                OfferJson.Write(json, package, session?.Remotes);
                json.WriteString("rank"u8, System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(rank.ToString()));
                json.WriteString("installed"u8, session?.Root.Current?.Find(package.Name)?.Id.Version.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
