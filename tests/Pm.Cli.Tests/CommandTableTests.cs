using System.Text.RegularExpressions;
using Pm.Cli.Commands;
using Pm.Cli.Manuals;
using Pm.Stages.Manuals;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>What holds for every command of the table, whoever adds it.</summary>
public partial class CommandTableTests
{
    static IEnumerable<CommandEntry> Shown => CommandTable.Entries.Where(e => e.Task != CommandTask.Hidden);

    [Fact]
    public void Every_manual_begins_with_its_command_and_shows_examples_first() =>
        Assert.All(Shown, entry =>
        {
            var blocks = ManualText.Parse(EmbeddedText.Manual(entry.Manual) ?? "");

            Assert.Equal(new ManualBlock.Heading(1, "pm " + entry.Words), blocks[0]);
            Assert.Equal(new ManualBlock.Heading(2, "Examples"), blocks[1]);
            Assert.Contains($"pm {entry.Words}", Assert.IsType<ManualBlock.Code>(blocks[2]).Text, StringComparison.Ordinal);
            Assert.Contains(new ManualBlock.Heading(2, "Description"), blocks);
        });

    [Fact]
    public void Every_manual_belongs_to_a_command() =>
        Assert.Equal(Shown.Select(e => e.Manual).Append("Serving/Pmd").Order(StringComparer.Ordinal), EmbeddedText.Manuals());

    [Fact]
    public void Commands_that_a_manual_refers_to_exist() =>
        Assert.All(Shown, entry => Assert.All(
            Reference().Matches(SeeAlso(entry)).Select(m => m.Groups[1].Value),
            words => Assert.True(CommandTable.Find(words) is not null || CommandTable.Group(words) is not null
                || CommandTable.Find(words.Split(' ')[0]) is not null, $"{entry.Words}: `pm {words}`")));

    [Fact]
    public void Summaries_are_one_short_line_without_a_full_stop() =>
        Assert.All(Shown, entry => Assert.Matches("^[^A-Z.\n][^\n]{5,78}[^.\n]$", entry.Summary));

    [Fact]
    public void No_two_commands_share_a_spelling()
    {
        var spellings = CommandTable.Entries.SelectMany(e => e.Aliases.Append(e.Words)).ToList();
        Assert.Equal(spellings.Count, spellings.Distinct().Count());
        Assert.Empty(spellings.Intersect(CommandTable.Groups.SelectMany(g => g.Aliases.Append(g.Word))));
        Assert.All(CommandTable.Entries, e => Assert.All(e.Aliases.Append(e.Words), s => Assert.Same(e, CommandTable.Find(s))));
    }

    [Fact]
    public void Every_group_has_verbs_or_is_not_proposed() =>
        Assert.All(CommandTable.Entries.Where(e => e.Words.Contains(' ')), e => Assert.NotNull(CommandTable.Group(e.Words.Split(' ')[0])));

    /// <summary><c>help</c>, <c>completion</c>, <c>run</c> and <c>serve</c> print a text that is not theirs to shape; <c>rpc</c> prints nothing else.</summary>
    [Fact]
    public void Every_command_answers_programs_too() =>
        Assert.All(
            Shown.Where(e => e.Words is not ("help" or "completion" or "run" or "serve" or "rpc")),
            entry => Assert.Contains(new CommandParser(entry).Options, o => o.Name == "--json"));

    [Fact]
    public void Every_option_and_argument_says_what_it_is_and_no_two_share_a_name() =>
        Assert.All(CommandTable.Entries, entry =>
        {
            var parser = new CommandParser(entry);
            var names = parser.Options.SelectMany(o => o.Aliases.Append(o.Name)).Append("--help").Append("-h").ToList();

            Assert.Equal(names.Count, names.Distinct().Count());
            Assert.All(parser.Options, o => Assert.False(string.IsNullOrEmpty(o.Description), $"{entry.Words} {o.Name}"));
            Assert.All(parser.Options, o => Assert.True(o.ValueType == typeof(bool) || o.HelpName is not null, $"{entry.Words} {o.Name} has no HelpName"));
            Assert.All(parser.Declaration.Arguments, a => Assert.False(string.IsNullOrEmpty(a.Description), $"{entry.Words} {a.Name}"));
        });

    [Fact]
    public void Every_command_makes_a_man_page_and_a_help_page() =>
        Assert.All(Shown, entry =>
        {
            var page = ManPage.Write(Title("pm-" + entry.Words.Replace(' ', '-')), CommandManual.Of(entry));

            Assert.StartsWith(".TH PM\\-", page, StringComparison.Ordinal);
            Assert.All(page.Split('\n').Where(l => l.StartsWith('.')), l => Assert.Matches(@"^\.(TH|SH|SS|PP|TP|IP|nf|fi)( |$)", l));
        });

    static ManTitle Title(string name) => new(name, 1, "", "pm", "pm manual");

    [Fact]
    public async Task The_server_has_a_manual_too()
    {
        using var world = new World();

        Assert.Equal(ExitCode.Ok, await world.RunAsync("help", "pmd"));
        Assert.Contains("--trusted-proxy ADDRESS", world.Data, StringComparison.Ordinal);
        Assert.Contains(".SH OPTIONS\n", ManPage.Write(Title(DaemonManual.Name), DaemonManual.Blocks()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_answers_help_and_refuses_an_option_that_does_not_exist()
    {
        foreach (var entry in Shown)
        {
            using var help = new World();
            using var wrong = new World();
            var words = entry.Words.Split(' ');

            Assert.Equal(ExitCode.Ok, await help.RunAsync([.. words, "--help"]));
            Assert.Contains("Examples", help.Data, StringComparison.Ordinal);
            Assert.Equal(entry.Declare().FailsWithOne ? ExitCode.Failed : ExitCode.Usage, await wrong.RunAsync([.. words, "--no-such-option"]));
            Assert.StartsWith("pm: error[PM1002]: unknown option `--no-such-option`", wrong.Talk, StringComparison.Ordinal);
            Assert.Equal("", wrong.Data);
        }
    }

    static string SeeAlso(CommandEntry entry)
    {
        var text = EmbeddedText.Manual(entry.Manual) ?? "";
        var at = text.IndexOf("## See also", StringComparison.Ordinal);
        return at < 0 ? "" : text[at..];
    }

    [GeneratedRegex("`pm ([a-z][a-z-]*(?: [a-z][a-z-]*)?)[^`]*`")]
    private static partial Regex Reference();
}
