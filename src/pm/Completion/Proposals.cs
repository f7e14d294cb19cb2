using System.CommandLine;
using Pm.Cli.Commands;
using Pm.Cli.Configuration;

namespace Pm.Cli.Completion;

/// <summary>Answers <c>pm __complete WORD…</c>: what the last word, which may be empty, could become.</summary>
static class Proposals
{
    /// <summary>Stands for names of files, which the shell knows.</summary>
    public const string Files = ":files";

    /// <summary>Writes a line a proposal.</summary>
    public static ExitCode Write(PmContext context, IReadOnlyList<string> words)
    {
        // Where the root is, a file may say.
        context = new SettingSources(context, toleratesFaults: true).Applied(context);
        var prefix = words.Count == 0 ? "" : words[^1];
        foreach (var line in For(context, [.. words.SkipLast(1)], prefix).Distinct())
        {
            context.Terminal.Data(line);
        }

        return ExitCode.Ok;
    }

    /// <summary>First words of commands that begin with <paramref name="prefix"/>, with their summaries.</summary>
    public static IEnumerable<string> Words(string prefix) =>
        CommandTable.Groups.Where(g => CommandTable.Verbs(g).Any()).Select(g => (Word: g.Word, g.Summary))
            .Concat(CommandTable.Entries.Where(IsShown).Where(e => !e.Words.Contains(' ')).Select(e => (Word: e.Words, e.Summary)))
            .Where(w => w.Word.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(w => w.Word, StringComparer.Ordinal)
            .Select(w => $"{w.Word}\t{w.Summary}");

    static IEnumerable<string> For(PmContext context, IReadOnlyList<string> before, string prefix)
    {
        var selection = Selection.Of(before);
        return selection switch
        {
            { Entry: { } entry } => OfCommand(context, entry, selection.Rest, prefix),
            { Group: { } group, Words.Count: 1 } => Verbs(group, prefix),
            { Words: [] } => Words(prefix),
            _ => [],
        };
    }

    static IEnumerable<string> Verbs(CommandGroup group, string prefix) =>
        CommandTable.Verbs(group)
            .Select(e => $"{e.Words[(group.Word.Length + 1)..]}\t{e.Summary}")
            .Where(v => v.StartsWith(prefix, StringComparison.Ordinal));

    static IEnumerable<string> OfCommand(PmContext context, CommandEntry entry, IReadOnlyList<string> given, string prefix)
    {
        var parser = new CommandParser(entry);
        var isLiteral = given.Contains("--");
        if (!isLiteral && given is [.., var last] && Taking(parser, last) is { } option)
        {
            return OptionValues.For(context, option, prefix);
        }

        return !isLiteral && prefix.StartsWith('-')
            ? Options(parser, prefix)
            : parser.Declaration.Arguments.Count == 0 ? []
            : entry.Words == "help" && given.Count > 0 ? Selection.Of(given) is { Group: { } group, Words.Count: 1 } ? Verbs(group, prefix) : []
            : IsFile(parser, given) ? [Files]
            : parser.Declaration.Complete?.Invoke(context, prefix) ?? [Files];
    }

    /// <summary>A file that stands before what the command is about.</summary>
    static bool IsFile(CommandParser parser, IReadOnlyList<string> given) =>
        parser.Declaration.Arguments is [{ Name: "FILE" }, _, ..] && given.All(word => word.StartsWith('-'));

    static IEnumerable<string> Options(CommandParser parser, string prefix) =>
        parser.Options.Where(o => !o.Hidden)
            .Select(o => (o.Name, Text: o.Description ?? ""))
            .Append(("--help", "show the manual"))
            .Where(o => o.Item1.StartsWith(prefix, StringComparison.Ordinal))
            .Select(o => $"{o.Item1}\t{o.Item2}");

    /// <summary>The option, named by the word before, whose value is being typed.</summary>
    static Option? Taking(CommandParser parser, string word) =>
        parser.Options.FirstOrDefault(o => o.ValueType != typeof(bool) && (o.Name == word || o.Aliases.Contains(word)));

    static bool IsShown(CommandEntry entry) => entry.Task != CommandTask.Hidden;
}
