using Pm.Cli.Commands;
using Pm.Cli.Output;
using Xunit;

namespace Pm.Cli.Tests;

public class SelectionTests
{
    [Theory]
    [InlineData("version --json", "version", "--json")]
    [InlineData("--root /r doctor", "doctor", "--root /r")]
    [InlineData("--root=/r -q doctor --json", "doctor", "--root=/r -q --json")]
    [InlineData("merkle -- version", "merkle", "-- version")]
    [InlineData("merkle - doctor", "merkle", "- doctor")]
    public void Shared_options_may_stand_before_the_words(string line, string words, string rest)
    {
        var selection = Selection.Of(line.Split(' '));

        Assert.Equal(words, selection.Entry?.Words);
        Assert.Equal(rest.Split(' '), selection.Rest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-q")]
    [InlineData("--root")]
    [InlineData("--root x")]
    public void Options_alone_name_nothing(string line) =>
        Assert.Empty(Selection.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Words);

    [Theory]
    [InlineData("key", "key", 1)]
    [InlineData("keyring", "key", 1)]
    [InlineData("package frobnicate", "pkg", 2)]
    public void A_group_is_known_by_all_its_names(string line, string group, int words)
    {
        var selection = Selection.Of(line.Split(' '));

        Assert.Equal((group, words), (selection.Group?.Word, selection.Words.Count));
    }

    [Fact]
    public void Flags_win_over_variables_and_variables_over_defaults()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = "/home/pat",
            ["PM_ROOT"] = "relative/root",
            ["PM_LOCK_TIMEOUT"] = "2m",
        };

        var fromVariables = Apply(environment);
        var fromFlags = Apply(environment, "--root", "/flag", "--lock-timeout", "0", "--color", "never", "--progress=none", "-qn");
        var defaults = Apply(new(StringComparer.Ordinal) { ["HOME"] = "/home/pat" });

        Assert.Equal(("/work/relative/root", true, TimeSpan.FromMinutes(2)), (fromVariables.Root, fromVariables.RootIsNamed, fromVariables.LockTimeout));
        Assert.Equal(("/flag", TimeSpan.Zero, ProgressStyle.None), (fromFlags.Root, fromFlags.LockTimeout, fromFlags.Progress));
        Assert.True(fromFlags is { Quiet: true, DryRun: true });
        Assert.Equal(("/home/pat/.local", false, "/home/pat/.local/share/pm/store"), (defaults.Root, defaults.RootIsNamed, defaults.Store));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("1d")]
    [InlineData("999h")]
    public void A_time_that_is_none_is_refused(string time)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/", ["PM_LOCK_TIMEOUT"] = time };

        Assert.Equal("PM1002", Assert.Throws<CommandException>(() => Apply(new(StringComparer.Ordinal) { ["HOME"] = "/" }, "--lock-timeout", time)).Code);
        Assert.Equal("PM1007", Assert.Throws<CommandException>(() => Apply(environment)).Code);
    }

    [Fact]
    public void Without_a_home_only_what_needs_it_fails()
    {
        var settings = Apply(new(StringComparer.Ordinal));

        Assert.Equal("PM1008", Assert.Throws<CommandException>(() => settings.Root).Code);
        Assert.Equal("PM1008", Assert.Throws<CommandException>(() => settings.Store).Code);
        Assert.Equal("/r", Apply(new(StringComparer.Ordinal), "--root", "/r").Root);
    }

    static Settings Apply(Dictionary<string, string> environment, params string[] arguments)
    {
        using var world = new World(environment: environment);
        var parser = new CommandParser(new CommandEntry(CommandTask.Hidden, "sample", "", "", () => new CommandDeclaration
        {
            Takes = CommonOptions.Changes,
            RunAsync = (_, _) => ValueTask.FromResult(ExitCode.Ok),
        }));
        return parser.Common.Apply(world.Context, parser.Parse(arguments)).Settings;
    }
}
