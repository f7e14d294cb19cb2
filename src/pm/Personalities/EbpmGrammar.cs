using Pm.Cli.Commands;

namespace Pm.Cli.Personalities;

/// <summary>The words of ebpm's design, each a command of pm with its options: mission rows E2–E5.</summary>
static class EbpmGrammar
{
    /// <summary>What is written the same in both.</summary>
    static readonly (string Word, string Summary)[] Words =
    [
        ("get", "need a package: write it into the project's manifest, and bring it"),
        ("install", "bring everything that the manifest names: `ebpm install .`"),
        ("update", "bring everything up to date"),
        ("build", "build the package of this directory"),
        ("publish", "build it, sign it and publish it"),
    ];

    /// <exception cref="CommandException">PM1001: it is none of them; PM1004: this release does not have it.</exception>
    public static ValueTask<ExitCode> RunAsync(PmContext context, IReadOnlyList<string> arguments)
    {
        switch (arguments)
        {
            case [] or ["help" or "--help" or "-h"]:
                WriteHelp(context);
                return ValueTask.FromResult(ExitCode.Ok);
            case ["run" or "init", ..]:
                throw CommandException.Usage(
                    "PM1004", $"`ebpm {arguments[0]}` is not in pm {Product.Version}: eBPF programs are not run by it yet", $"`pm help {arguments[0]}` shows what pm does by that word");
            case [var word, ..] when Words.Any(known => known.Word == word):
                return Dispatch.RunPmAsync(context, arguments);
            default:
                var near = Typo.Nearest(arguments[0], Words.Select(known => known.Word));
                throw CommandException.Usage(
                    "PM1001", $"unknown command `{Output.Hostile.OneLine(arguments[0])}`", near is null ? "`ebpm help` lists the commands" : $"did you mean `ebpm {near}`?");
        }
    }

    static void WriteHelp(PmContext context)
    {
        context.Terminal.Data("ebpm: the eBPF package manager, by pm.");
        context.Terminal.Data("");
        foreach (var (word, summary) in Words)
        {
            context.Terminal.Data($"  ebpm {word,-10} {summary}");
        }

        context.Terminal.Data("");
        context.Terminal.Data("Options and manuals are those of pm: `pm help get`. The manifest may be ebpm.toml or ebpm.json.");
    }
}
