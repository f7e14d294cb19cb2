using Pm.Cli.Output;
using Xunit;

namespace Pm.Cli.Tests;

public class OutputTests
{
    [Fact]
    public void A_table_is_aligned_under_headings_on_a_terminal()
    {
        using var world = new World(onTerminal: true);
        world.Context.Terminal.Color = ColorChoice.Never;

        Sample().Write(world.Context.Terminal);

        Assert.Equal("NAME     VERSION\nfoo      1.0\nbarquux  2.0.1\n", world.Data);
    }

    [Fact]
    public void A_table_is_tab_separated_in_a_pipe_without_headings()
    {
        using var world = new World();

        Sample().Write(world.Context.Terminal);

        Assert.Equal("foo\t1.0\nbarquux\t2.0.1\n", world.Data);
    }

    [Fact]
    public void A_cell_cannot_make_a_column_a_row_or_a_colour()
    {
        using var world = new World();
        var table = new Table("NAME", "TEXT");
        table.Add("a\tb\nc", "\e[31mred\u202e\u0085");

        table.Write(world.Context.Terminal);

        Assert.Equal("a\\u0009b\\u000ac\t\\u001b[31mred\\u202e\\u0085\n", world.Data);
    }

    [Fact]
    public void A_row_with_a_cell_too_few_is_a_defect() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample().Add("only one"));

    [Theory]
    [InlineData(40, "NAME     PATH\nfoo      /a/b\nbarquux  …very/long/path/to/opens.bpf.o\n")]
    [InlineData(10, "NAME     PATH\nfoo      /a/b\nbarquux  …path/to/opens.bpf.o\n")]
    [InlineData(100, "NAME     PATH\nfoo      /a/b\nbarquux  /a/very/long/path/to/opens.bpf.o\n")]
    public void A_terminal_gets_as_much_of_a_path_as_fits(int width, string expected)
    {
        using var world = new World(onTerminal: true, width: width, environment: new() { ["NO_COLOR"] = "1" });
        var table = new Table("NAME", "PATH") { CutsPaths = true };
        table.Add("foo", "/a/b");
        table.Add("barquux", "/a/very/long/path/to/opens.bpf.o");

        table.Write(world.Context.Terminal);

        Assert.Equal(expected, world.Data);
    }

    [Fact]
    public void An_empty_table_writes_nothing()
    {
        using var world = new World(onTerminal: true);

        new Table("NAME").Write(world.Context.Terminal);

        Assert.Equal("", world.Data);
    }

    [Fact]
    public void The_envelope_is_one_line_with_schema_kind_and_data()
    {
        using var world = new World();

        JsonOutput.Write(world.Context.Terminal, "thing", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("n", 1);
            json.WriteEndObject();
        });

        Assert.Equal("""{"schema":"pm/1","kind":"thing","data":{"n":1}}""" + "\n", world.Data);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(102400, "100 KiB")]
    [InlineData(1024 * 1024, "1.00 MiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Bytes_have_three_digits_and_a_unit(long bytes, string expected) => Assert.Equal(expected, ByteSize.Text(bytes));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(61, "1m01s")]
    [InlineData(3600 + 120, "1h02m")]
    [InlineData(100 * 3600, "100h00m")]
    public void Times_are_short(int seconds, string expected) => Assert.Equal(expected, ByteSize.Text(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "xterm", null, null, true, true)]
    [InlineData(0, "xterm", null, null, false, false)]
    [InlineData(0, "dumb", null, null, true, false)]
    [InlineData(0, "xterm", "1", null, true, false)]
    [InlineData(0, "xterm", "", null, true, true)]
    [InlineData(0, "xterm", null, "1", false, true)]
    [InlineData(0, "xterm", null, "0", false, false)]
    [InlineData(0, "xterm", "1", "1", true, false)]
    [InlineData(1, "dumb", "1", null, false, true)]
    [InlineData(2, "xterm", null, "1", true, false)]
    public void Colour_follows_flag_then_variables_then_terminal(
        int choice, string term, string? noColor, string? force, bool isTerminal, bool expected)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TERM"] = term, ["HOME"] = "/" };
        if (noColor is not null)
        {
            environment["NO_COLOR"] = noColor;
        }

        if (force is not null)
        {
            environment["CLICOLOR_FORCE"] = force;
        }

        using var world = new World(onTerminal: isTerminal, environment: environment);
        world.Context.Terminal.Color = (ColorChoice)choice;

        Assert.Equal(expected, world.Context.Terminal.DataPaint.IsOn);
        Assert.Equal(expected, world.Context.Terminal.TalkPaint.IsOn);
    }

    [Fact]
    public void On_one_screen_data_and_talk_keep_their_order()
    {
        using var screen = new MemoryStream();
        var terminal = new Terminal(screen, screen, Stream.Null, new Dictionary<string, string>())
        {
            InputIsTerminal = true,
            OutputIsTerminal = true,
            TalkIsTerminal = true,
        };

        terminal.Data("one");
        terminal.Say("two");
        terminal.Data("three");

        Assert.Equal("one\ntwo\nthree\n", System.Text.Encoding.UTF8.GetString(screen.ToArray()));
    }

    [Theory]
    [InlineData("`pm run -d 'x'` <a> & b + c", "`pm run -d 'x'` <a> & b + c")]
    [InlineData("é – 測", "é – 測")]
    [InlineData("\"\\", "\\\"\\\\")]
    [InlineData("\e[31m\u0085\n", "\\u001B[31m\\u0085\\n")]
    [InlineData("– a\u202eb\u2066é", "– a\\u202eb\\u2066é")]
    [InlineData("\u202e", "\\u202e")]
    public void Json_escapes_what_json_demands_and_what_could_steer_a_terminal_and_nothing_else(string text, string expected)
    {
        using var world = new World();

        JsonOutput.Write(world.Context.Terminal, "thing", json => json.WriteStringValue(text));
        JsonOutput.Write(world.Context.Terminal, "thing", json => json.WriteStringValue(System.Text.Encoding.UTF8.GetBytes(text)));

        var line = $"{{\"schema\":\"pm/1\",\"kind\":\"thing\",\"data\":\"{expected}\"}}\n";
        Assert.Equal(line + line, world.Data);
        Assert.Equal(text, System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("data").GetString());
    }

    static Table Sample()
    {
        var table = new Table("NAME", "VERSION");
        table.Add("foo", "1.0");
        table.Add("barquux", "2.0.1");
        return table;
    }
}
