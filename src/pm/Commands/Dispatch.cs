using Pm.Cli.Completion;
using Pm.Cli.Manuals;
using Pm.Cli.Output;
using Pm.Cli.Personalities;
using Pm.Linux;

namespace Pm.Cli.Commands;

/// <summary>From a command line to the one command that it names; only that one's parser is made.</summary>
static class Dispatch
{
    public static ValueTask<ExitCode> RunAsync(PmContext context, IReadOnlyList<string> arguments) =>
        PersonalityTable.Find(context.InvokedAs) is { } personality
            ? personality.RunAsync(context, arguments)
            : RunPmAsync(context, arguments);

    /// <summary>pm's own grammar.</summary>
    public static async ValueTask<ExitCode> RunPmAsync(PmContext context, IReadOnlyList<string> arguments)
    {
        if (arguments is ["__complete", ..])
        {
            return Proposals.Write(context, [.. arguments.Skip(1)]);
        }

        var selection = Selection.Of(arguments);
        if (selection.Entry is { } entry && !AsksForHelp(selection.Rest))
        {
            if (context.OwnsProcess && !entry.StaysSmall)
            {
                HeapPages.MakeReady();
            }

            var parser = new CommandParser(entry);
            return parser.Declaration.FailsWithOne
                ? await RunFailingWithOneAsync(context, parser, selection.Rest)
                : await RunAsync(context, parser, selection.Rest);
        }

        return Explain(context, selection);
    }

    static ValueTask<ExitCode> RunAsync(PmContext context, CommandParser parser, IReadOnlyList<string> arguments)
    {
        var parsed = parser.Parse(arguments);
        return parser.Declaration.RunAsync(parser.Common.Apply(context with { Verb = parser.Verb }, parsed, parser.Declaration.MendsConfiguration), parsed);
    }

    /// <exception cref="CommandException">Any failure, as one that ends with 1.</exception>
    static async ValueTask<ExitCode> RunFailingWithOneAsync(PmContext context, CommandParser parser, IReadOnlyList<string> arguments)
    {
        try
        {
            return await RunAsync(context, parser, arguments);
        }
        catch (Exception e) when (e is not OperationCanceledException and not SystemCallException { Errno: Errno.EPIPE })
        {
            var failure = ErrorReport.Describe(e);
            throw new CommandException(ExitCode.Failed, failure.Code, failure.Message, failure.Hint);
        }
    }

    static ExitCode Explain(PmContext context, Selection selection)
    {
        switch (selection)
        {
            case { Entry: { } entry }:
                HelpPages.Command(context.Terminal, entry);
                return ExitCode.Ok;
            case { Group: { } group } when selection.Words.Count == 1:
                HelpPages.Group(context.Terminal, group);
                return ExitCode.Ok;
            case { Words: [] } when selection.Rest.Contains("--version"):
                context.Terminal.Output.Write(Product.VersionLine);
                return ExitCode.Ok;
            case { Words: [] } when selection.Rest.Count == 0 || AsksForHelp(selection.Rest):
                HelpPages.Usage(context.Terminal);
                return ExitCode.Ok;
            case { Words: [] }:
                throw CommandException.Usage("PM1001", $"a command is missing after `{selection.Rest[^1]}`", "`pm help` lists the commands");
            default:
                throw UnknownCommand(selection.Words);
        }
    }

    /// <summary>The error for words that name no command, with what may have been meant.</summary>
    public static CommandException UnknownCommand(IReadOnlyList<string> words) =>
        CommandException.Usage("PM1001", $"unknown command `{Hostile.OneLine(string.Join(' ', words))}`", Hint(words));

    static string Hint(IReadOnlyList<string> words)
    {
        if (words.Count > 1 && CommandTable.Group(words[0]) is { } group)
        {
            var verbs = CommandTable.Verbs(group).Select(Verb).ToList();
            return (verbs.Find(v => v.StartsWith(words[1], StringComparison.Ordinal)) ?? Typo.Nearest(words[1], verbs)) is { } verb
                ? $"did you mean `pm {group.Word} {verb}`?"
                : $"`pm help {group.Word}` lists its verbs";
        }

        return Meant(words[0]) is { } near ? $"did you mean `pm {near}`?" : "`pm help` lists the commands";
    }

    static string? Meant(string word)
    {
        var known = CommandTable.Entries.Where(e => e.Task != CommandTask.Hidden).ToList();

        // A verb that lives in a group, written without it, is no typo.
        return known.FirstOrDefault(e => e.Words.EndsWith(" " + word, StringComparison.Ordinal))?.Words
            ?? OtherNames.FirstOrDefault(other => other.Word == word).Here
            ?? Typo.Nearest(word, known.SelectMany(e => e.Aliases.Append(e.Words)).Concat(CommandTable.Groups.Select(g => g.Word)));
    }

    /// <summary>What others call it.</summary>
    static readonly (string Word, string? Here)[] OtherNames =
    [
        ("upload", "publish"), ("push", "publish"), ("unpublish", "yank"), ("delete", "remove"), ("purge", "remove"), ("erase", "remove"),
        ("sync", "pull"), ("download", "fetch"), ("get", "install"), ("undo", "rollback"), ("history", "generations"), ("hold", "pin"),
        ("unhold", "pin"), ("whatprovides", "provides"), ("query", "info"), ("check", "verify"), ("clean", "gc"), ("exec", "run"),
    ];

    static string Verb(CommandEntry entry) => entry.Words[(entry.Words.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    static bool AsksForHelp(IReadOnlyList<string> arguments) =>
        arguments.TakeWhile(a => a != "--").Any(a => a is "--help" or "-h");
}
