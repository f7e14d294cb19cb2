using System.CommandLine;
using Pm.Cli.Completion;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm completion SHELL</c></summary>
static class CompletionCommand
{
    public const string Summary = "print the completion script for a shell";

    public static CommandDeclaration Declare()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        return new CommandDeclaration
        {
            Arguments = [shell],
            Complete = (_, prefix) => CompletionScripts.Shells.Where(s => s.StartsWith(prefix, StringComparison.Ordinal)),
            MendsConfiguration = true,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(shell))),
        };
    }

    static ExitCode Run(PmContext context, string shell)
    {
        var script = CompletionScripts.For(shell)
            ?? throw CommandException.Usage("PM1009", $"no completion for shell `{shell}`", "use one of: " + string.Join(", ", CompletionScripts.Shells));
        context.Terminal.Data(script.TrimEnd('\n'));
        return ExitCode.Ok;
    }
}
