using Pm.Cli.Output;
using Xunit;

namespace Pm.Cli.Tests;

public class PromptTests
{
    [Theory]
    [InlineData("y\n", true)]
    [InlineData("YES\n", true)]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    [InlineData("yellow\n", false)]
    public void On_a_terminal_only_yes_is_yes(string typed, bool expected)
    {
        using var world = new World(typed, onTerminal: true);

        Assert.Equal(expected, Prompt.Confirm(world.Context, "remove foo?"));
        Assert.Equal("remove foo? [y/N] ", world.Talk);
    }

    [Fact]
    public void With_yes_nothing_is_asked()
    {
        using var world = new World();

        Assert.True(Prompt.Confirm(world.Context with { Settings = world.Context.Settings with { Yes = true } }, "remove foo?"));
        Assert.Equal("", world.Talk);
    }

    [Fact]
    public void Where_nobody_can_answer_it_is_a_usage_error_with_a_hint()
    {
        using var pipe = new World("y\n");
        using var told = new World("y\n", onTerminal: true);
        var noInput = told.Context with { Settings = told.Context.Settings with { NoInput = true } };

        foreach (var context in new[] { pipe.Context, noInput })
        {
            var error = Assert.Throws<CommandException>(() => Prompt.Confirm(context, "remove foo?"));
            Assert.Equal(("PM1003", ExitCode.Usage), (error.Code, error.Exit));
            Assert.Contains("-y", error.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_secret_is_typed_while_nothing_is_shown()
    {
        using var told = new World("pm_x\n", onTerminal: true);
        var shown = new MemoryStream();
        var terminal = new Terminal(Stream.Null, shown, told.Context.Terminal.Input, new Dictionary<string, string>())
        {
            InputIsTerminal = true,
            OutputIsTerminal = true,
            TalkIsTerminal = true,
            HideTyping = () =>
            {
                shown.WriteByte((byte)'<');
                return new MemoryStreamEnd(shown);
            },
        };

        Assert.Equal("pm_x", Prompt.Secret(told.Context with { Terminal = terminal }, "token:", "--token-file FILE"));
        Assert.Equal("<token: >", System.Text.Encoding.UTF8.GetString(shown.ToArray()));
    }

    sealed class MemoryStreamEnd(MemoryStream stream) : IDisposable
    {
        public void Dispose() => stream.WriteByte((byte)'>');
    }

    [Fact]
    public void A_line_is_read_up_to_its_newline_and_no_further()
    {
        using var world = new World("pat \nrest", onTerminal: true);

        Assert.Equal("pat", Prompt.Line(world.Context, "name:", "--name NAME"));
        Assert.Equal("rest", world.Context.Terminal.ReadLine());
        Assert.Null(world.Context.Terminal.ReadLine());
    }
}
