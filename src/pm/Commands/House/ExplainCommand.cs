using System.CommandLine;
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
            Exits = [ExitCode.NotFound],
            Complete = (_, prefix) => EmbeddedText.ErrorCodes().Where(c => c.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)),
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context.Terminal, parsed.GetValue(code))),
        };
    }

    static ExitCode Run(Terminal terminal, string? code)
    {
        if (code is null)
        {
            var table = new Table("CODE", "MEANING");
            foreach (var known in EmbeddedText.ErrorCodes())
            {
                table.Add(known, Title(known));
            }

            table.Write(terminal);
            return ExitCode.Ok;
        }

        var name = code.All(char.IsAsciiDigit) ? "PM" + code.PadLeft(4, '0') : code.ToUpperInvariant();
        var page = EmbeddedText.Error(name)
            ?? throw new CommandException(ExitCode.NotFound, "PM1005", $"there is no error code `{Hostile.OneLine(code)}`", "`pm explain` lists them all");
        TerminalPage.Write(terminal, ManualText.Parse(page));
        return ExitCode.Ok;
    }

    /// <summary>The first line of the page, which reads <c># PM1001: unknown command</c>, without its code.</summary>
    static string Title(string code)
    {
        var first = EmbeddedText.Error(code)!.Split('\n')[0];
        return first[(first.IndexOf(": ", StringComparison.Ordinal) + 2)..];
    }
}
