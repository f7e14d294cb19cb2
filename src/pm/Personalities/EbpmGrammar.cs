using Pm.Cli.Commands;
using Pm.Stages.Projects;

namespace Pm.Cli.Personalities;

/// <summary>The words of ebpm's design, each a command of pm with its options: mission rows E2–E5.</summary>
static class EbpmGrammar
{
    /// <summary>What is written the same in both.</summary>
    static readonly (string Word, string Summary)[] Words =
    [
        ("init", "begin an eBPF program: `ebpm init NAME` makes its directory"),
        ("run", "run an eBPF program: by name, URL or path, or from standard input"),
        ("get", "need a package: write it into the project's manifest, and bring it"),
        ("install", "bring everything that the manifest names: `ebpm install .`"),
        ("update", "bring everything up to date"),
        ("build", "build the package of a directory, or of this one: `ebpm build NAME`"),
        ("publish", "build it, sign it and publish it"),
        ("search", "look for programs that others offer"),
        ("info", "what a package is, and who signed it"),
        ("check", "will it run there? on this kernel, or another"),
        ("ps", "what runs on its own (`ebpm run -d`)"),
        ("logs", "the events of what runs on its own"),
        ("stop", "end it"),
    ];

    /// <exception cref="CommandException">PM1001: it is none of them.</exception>
    public static ValueTask<ExitCode> RunAsync(PmContext context, IReadOnlyList<string> arguments)
    {
        switch ((string[])[.. arguments])
        {
            case [] or ["help" or "--help" or "-h"]:
                WriteHelp(context);
                return ValueTask.FromResult(ExitCode.Ok);
            case ["init", .. var rest]:
                return Dispatch.RunPmAsync(context, ["init", "--ebpf", "--config-json", .. rest]);
            case ["build", .. var before, var name] when IsHere(context, name):
                return Dispatch.RunPmAsync(context, ["build", .. before, "."]);
            case ["build" or "publish", var name, .. var rest] when IsHere(context, name):
                return Dispatch.RunPmAsync(context, [arguments[0], ".", .. rest]);
            case ["run", ..]:
                return Dispatch.RunPmAsync(context, RunWords.Of(context, [.. arguments.Skip(1)]));
            case [var word, ..] when Words.Any(known => known.Word == word):
                return Dispatch.RunPmAsync(context, arguments);
            default:
                var near = Typo.Nearest(arguments[0], Words.Select(known => known.Word));
                throw CommandException.Usage(
                    "PM1001", $"unknown command `{Output.Hostile.OneLine(arguments[0])}`", near is null ? "`ebpm help` lists the commands" : $"did you mean `ebpm {near}`?");
        }
    }

    /// <summary>Whether the name is that of the package in the working directory, and no directory in it: its author stands inside.</summary>
    static bool IsHere(PmContext context, string name) => !name.StartsWith('-') && !Directory.Exists(context.FullPath(name))
        && (Path.GetFileName(context.WorkingDirectory) == name && ManifestFile.Find(context.WorkingDirectory) is not null
            || ManifestFile.TryRead(context.WorkingDirectory, "")?.Package?.Name is { } package && (package.Text == name || package.Name == name));

    static void WriteHelp(PmContext context)
    {
        context.Terminal.Data("ebpm: the eBPF package manager, by pm.");
        context.Terminal.Data("");
        foreach (var (word, summary) in Words)
        {
            context.Terminal.Data($"  ebpm {word,-10} {summary}");
        }

        context.Terminal.Data("");
        context.Terminal.Data("Options and manuals are those of pm: `pm help get`. The manifest may be ebpm.toml, ebpm.json or config.json.");
    }
}
