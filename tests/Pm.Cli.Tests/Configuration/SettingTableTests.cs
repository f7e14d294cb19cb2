using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Pm.Cli.Commands;
using Pm.Cli.Configuration;
using Pm.Packages.Toml;
using Xunit;

namespace Pm.Cli.Tests.Configuration;

/// <summary>What holds for every setting, whoever adds it.</summary>
public partial class SettingTableTests
{
    /// <summary>A value of each setting, as it stands in a file, and as <c>pm config get</c> shows it.</summary>
    static readonly Dictionary<string, (string Toml, string Text)> Examples = new()
    {
        ["root"] = ("\"~/r\"", "/home/pat/r"),
        ["store"] = ("\"/s\"", "/s"),
        ["cache"] = ("\"/c/../d\"", "/d"),
        ["scripts"] = ("\"ask\"", "ask"),
        ["offline"] = ("true", "true"),
        ["proxy"] = ("\"h:1\"", "h:1"),
        ["ca-file"] = ("\"/f.pem\"", "/f.pem"),
        ["jobs"] = ("64", "64"),
        ["progress"] = ("\"json\"", "json"),
        ["color"] = ("\"never\"", "never"),
        ["no-input"] = ("false", "false"),
        ["lock-timeout"] = ("30", "30"),
        ["minimum-age"] = ("\"2w\"", "2w"),
        ["signing-key"] = ("\"ann@example.org\"", "ann@example.org"),
        ["build-path"] = ("\"/a:~/b\"", "/a:/home/pat/b"),
        ["build-scratch"] = ("\"/t\"", "/t"),
    };

    [Fact]
    public void Names_flags_and_variables_are_each_of_one_setting()
    {
        var words = SettingTable.All.SelectMany(s => s.Variables.Select(v => v.Name).Append(s.Name).Concat(s.Flag is null ? [] : [s.Flag])).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
        Assert.All(SettingTable.All, s => Assert.Same(s, SettingTable.Find(s.Name)));
    }

    [Fact]
    public void Every_default_and_every_choice_is_a_value() =>
        Assert.All(SettingTable.All, setting =>
        {
            using var world = new World();
            Assert.All(setting.Choices, choice => Assert.True(setting.Accepts(choice), $"{setting.Name}: {choice}"));
            Assert.True(setting.Default(world.Context) is not { } text || setting.Accepts(text), setting.Name);
            Assert.False(setting.Accepts(""), setting.Name);
        });

    [Fact]
    public void Every_setting_is_read_from_a_file() =>
        Assert.All(SettingTable.All, setting =>
        {
            var (toml, text) = Examples[setting.Name];
            var file = SettingFileReader.Read(Encoding.UTF8.GetBytes($"\n{setting.Name} = {toml}\n"), "/c", SettingLevel.User, "/home/pat");

            Assert.Equal(new SettingValue(text, SettingLevel.User, "/c", 2), file.Find(setting));
            Assert.Empty(file.Warnings);
        });

    [Fact]
    public void A_value_of_any_other_kind_is_refused() =>
        Assert.All(SettingTable.All, setting => Assert.All((string[])["[]", "{}", "1.5", "1979-05-27", "-1", "\"\\n\"", "\"\""], toml =>
        {
            var error = Assert.Throws<CommandException>(() => SettingFileReader.Read(Encoding.UTF8.GetBytes($"{setting.Name} = {toml}\n"), "/c", SettingLevel.User, "/home/pat"));

            Assert.Equal("PM1200", error.Code);
            Assert.Matches($"^/c:1:[0-9]+: `{setting.Name}`: expected ", error.Message);
        }));

    /// <summary>A project may be a stranger's: where is written, what runs, whom is spoken to and who signs are not for it to say.</summary>
    [Fact]
    public void A_project_sets_only_what_is_known_to_be_harmless()
    {
        string[] harmless = ["offline", "jobs", "progress", "color", "no-input", "lock-timeout"];

        Assert.Equal(harmless.Order(), SettingTable.All.Where(s => s.InProject is not ProjectRule.Never).Select(s => s.Name).Order());
        Assert.All(SettingTable.All, setting =>
        {
            var manifest = TomlDocument.Read(Encoding.UTF8.GetBytes($"[settings]\n{setting.Name} = {Examples[setting.Name].Toml}\n"), "pm.toml");
            var file = SettingFileReader.ReadProject(manifest)!;

            var isTaken = harmless.Contains(setting.Name) && setting.Name != "no-input";
            Assert.Equal(isTaken, file.Find(setting) is not null);
            Assert.Equal(isTaken ? 0 : 1, file.Warnings.Count);
        });
    }

    [Fact]
    public void Warnings_of_a_hostile_file_are_few()
    {
        var text = string.Concat(Enumerable.Range(0, 900).Select(i => $"k{i} = 1\n"));

        Assert.Equal(20, SettingFileReader.Read(Encoding.UTF8.GetBytes(text), "/c", SettingLevel.User, null).Warnings.Count);
    }

    [Fact]
    public void Without_a_home_a_path_below_it_is_refused() =>
        Assert.Equal("PM1200", Assert.Throws<CommandException>(() => SettingFileReader.Read("root = '~/x'"u8.ToArray(), "/c", SettingLevel.User, null)).Code);

    [Fact]
    public void The_page_of_the_format_has_a_row_for_each()
    {
        var page = File.ReadAllText(Path.Combine(Source(), "../docs/formats/configuration.md"));

        Assert.Equal(SettingTable.All.Select(Row), page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)));

        static string Row(Setting s) =>
            $"| `{s.Name}` | {Kind(s.Form)} | {(s.Flag is null ? "–" : $"`{s.Flag}`")} | {string.Join(", ", s.Variables.Select(v => v.Name))} | {Rule(s.InProject)} | {s.Description} | {s.Otherwise} |";
        static string Kind(SettingForm form) => form switch
        {
            SettingForm.Switch => "boolean",
            SettingForm.Number => "integer",
            SettingForm.Time => "text or integer",
            _ => form.ToString().ToLowerInvariant(),
        };
        static string Rule(ProjectRule rule) => rule switch
        {
            ProjectRule.Any => "yes",
            ProjectRule.OnlyTrue => "`true`",
            _ => "no",
        };
    }

    [Fact]
    public void Nobody_looks_for_a_variable_of_the_table_by_himself() =>
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Source(), "pm"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Looked().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .Intersect(SettingTable.All.SelectMany(s => s.Variables).Select(v => v.Name)));

    [Fact]
    public void Every_flag_is_an_option_of_some_command()
    {
        var options = CommandTable.Entries.SelectMany(e => new CommandParser(e).Options).Select(o => o.Name).ToHashSet();

        Assert.All(SettingTable.All.Where(s => s.Flag is not null), s => Assert.Contains(s.Flag!, options));
    }

    [Theory]
    [InlineData("http://ann:secret@proxy:1", "http://ann:***@proxy:1")]
    [InlineData("ann:se:c@ret@proxy:1", "ann:***@proxy:1")]
    [InlineData("http://ann@proxy:1", "http://ann@proxy:1")]
    [InlineData("http://proxy:1", "http://proxy:1")]
    [InlineData("proxy:3128", "proxy:3128")]
    [InlineData("none", "none")]
    public void A_password_of_a_proxy_is_hidden_and_not_kept(string proxy, string shown)
    {
        Assert.Equal(shown, ProxyText.WithoutPassword(proxy));
        Assert.Equal(shown == proxy, ProxyText.WhyNotInFile(proxy) is null);
    }

    static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../../src");

    [GeneratedRegex("(?:Variable|Value)\\(\"([A-Z_]+)\"\\)")]
    private static partial Regex Looked();
}
