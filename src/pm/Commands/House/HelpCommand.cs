using System.CommandLine;
using Pm.Cli.Manuals;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm help [WORD]…</c></summary>
static class HelpCommand
{
    public const string Summary = "show the manual of a command, or all commands";

    public static CommandDeclaration Declare()
    {
        var words = new Argument<string[]>("WORD") { Description = "the words of a command, or of a group: remote add", Arity = ArgumentArity.ZeroOrMore };
        return new CommandDeclaration
        {
            Arguments = [words],
            Complete = (_, prefix) => Completion.Proposals.Words(prefix).Concat(
                DaemonManual.Name.StartsWith(prefix, StringComparison.Ordinal) ? [$"{DaemonManual.Name}\t{DaemonManual.Summary}"] : []),
            MendsConfiguration = true,
            RunAsync = (context, parsed) => Run(context, parsed.Given(words) ?? []),
        };
    }

    static ValueTask<ExitCode> Run(PmContext context, string[] words)
    {
        if (words is [DaemonManual.Name])
        {
            TerminalPage.Write(context.Terminal, DaemonManual.Blocks());
            return ValueTask.FromResult(ExitCode.Ok);
        }

        var selection = Selection.Of(words);
        switch (selection)
        {
            case { Words: [] }:
                HelpPages.Usage(context.Terminal);
                break;
            case { Entry: { } entry, Rest: [] }:
                HelpPages.Command(context.Terminal, entry);
                break;
            case { Group: { } group, Words.Count: 1, Rest: [] }:
                HelpPages.Group(context.Terminal, group);
                break;
            default:
                throw Dispatch.UnknownCommand(words);
        }

        return ValueTask.FromResult(ExitCode.Ok);
    }
}
