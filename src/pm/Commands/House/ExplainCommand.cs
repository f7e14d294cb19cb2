using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Manuals;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm explain [PMnnnn]</c></summary>
static class ExplainCommand
{
    public const string Summary = "explain an error code";

    public static CommandDeclaration Declare()
    {
        var code = new Argument<string?>("CODE") { Description = "an error code: PM1001, or only its digits", Arity = ArgumentArity.ZeroOrOne };
        return new CommandDeclaration
        {
            Arguments = [code],
            Takes = CommonOptions.Json,
            Exits = [ExitCode.NotFound],
            Complete = (_, prefix) => EmbeddedText.ErrorCodes().Where(c => c.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)),
            MendsConfiguration = true,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(code))),
        };
    }

    static ExitCode Run(PmContext context, string? code)
    {
        if (code is null)
        {
            List(context);
            return ExitCode.Ok;
        }

        var name = code.All(char.IsAsciiDigit) ? "PM" + code.PadLeft(4, '0') : code.ToUpperInvariant();
        var page = EmbeddedText.Error(name)
            ?? throw new CommandException(ExitCode.NotFound, "PM1005", $"there is no error code `{Hostile.OneLine(code)}`", "`pm explain` lists them all");
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "error-page", json => Write(json, name, page));
            return ExitCode.Ok;
        }

        TerminalPage.Write(context.Terminal, ManualText.Parse(page));
        return ExitCode.Ok;
    }

    static void List(PmContext context)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "error-codes", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("errors"u8);
                foreach (var code in EmbeddedText.ErrorCodes())
                {
                    Write(json, code, null);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        var table = new Table("CODE", "MEANING");
        foreach (var code in EmbeddedText.ErrorCodes())
        {
            table.Add(code, Title(code));
        }

        table.Write(context.Terminal);
    }

    static void Write(Utf8JsonWriter json, string code, string? page)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, code);
        json.WriteString("title"u8, Title(code));
        if (page is not null)
        {
            json.WriteString("text"u8, page);
        }

        json.WriteEndObject();
    }

    /// <summary>The first line of the page, which reads <c># PM1001: unknown command</c>, without its code.</summary>
    static string Title(string code)
    {
        var first = EmbeddedText.Error(code)!.Split('\n')[0];
        return first[(first.IndexOf(": ", StringComparison.Ordinal) + 2)..];
    }
}
