using System.Text.Json;
using Pm.Cli.Output;
using Xunit;

namespace Pm.Cli.Tests;

public class ProgressTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void In_a_pipe_a_line_comes_every_five_seconds_and_none_before()
    {
        using var world = new World();
        using var progress = new Progress(world.Context, "fetching", 10 * 1024 * 1024);

        progress.Advance(4 * 1024 * 1024);
        progress.Describe("foo");
        world.Clock.Advance(4 * Second);
        var early = world.Talk;
        world.Clock.Advance(7 * Second);

        Assert.Equal("", early);
        Assert.Equal(2, world.Talk.Count(c => c == '\n'));
        Assert.StartsWith("fetching 4.00 MiB of 10.0 MiB, 819 KiB/s, 7s left  foo\n", world.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', world.Talk);
    }

    [Fact]
    public void On_a_terminal_one_line_is_redrawn_within_the_width_and_taken_away()
    {
        using var world = new World(onTerminal: true, width: 20);
        using (var progress = new Progress(world.Context, "fetching", 1000))
        {
            progress.Describe(new string('x', 100));
            world.Clock.Advance(Second);
        }

        Assert.DoesNotContain('\n', world.Talk);
        Assert.All(world.Talk.Split("\r\e[K"), line => Assert.InRange(line.Length, 0, 19));
        Assert.EndsWith("\r\e[K", world.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_phase_in_which_nothing_arrives_is_not_silent()
    {
        using var world = new World();
        using var progress = new Progress(world.Context, "checking");

        world.Clock.Advance(5 * Second);

        Assert.Equal("checking 0 B\n", world.Talk);
    }

    [Fact]
    public void As_json_each_event_is_a_document_and_the_last_says_end()
    {
        using var world = new World();
        world.Context = world.Context with { Settings = world.Context.Settings with { Progress = ProgressStyle.Json } };
        using (var progress = new Progress(world.Context, "fetching", 100))
        {
            progress.Advance(50);
            world.Clock.Advance(2 * Second);
        }

        var events = world.Talk.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["progress", "progress", "end"], events.Select(e => e.GetProperty("event").GetString()));
        Assert.Equal(50, events[0].GetProperty("done").GetInt64());
        Assert.Equal(100, events[0].GetProperty("total").GetInt64());
        Assert.Equal("", world.Data);
    }

    [Fact]
    public void Of_several_in_hand_one_that_is_over_is_not_named()
    {
        using var world = new World();
        using var progress = new Progress(world.Context, "fetching");
        progress.Describe("editor@1.0");
        progress.Describe("tone@1.0");
        progress.Forget("tone@1.0");

        world.Clock.Advance(5 * Second);

        Assert.Equal("fetching 0 B  editor@1.0\n", world.Talk);
    }

    [Fact]
    public void The_end_is_said_once()
    {
        using var world = new World();
        var progress = new Progress(world.Context with { Settings = world.Context.Settings with { Progress = ProgressStyle.Json } }, "fetching");
        progress.Dispose();
        progress.Dispose();

        Assert.Single(world.Talk.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Quiet_and_none_show_nothing()
    {
        using var world = new World(onTerminal: true);
        foreach (var settings in new[] { world.Context.Settings with { Quiet = true }, world.Context.Settings with { Progress = ProgressStyle.None } })
        {
            using var progress = new Progress(world.Context with { Settings = settings }, "fetching");
            world.Clock.Advance(10 * Second);
        }

        Assert.Equal("", world.Talk);
    }

    [Fact]
    public void A_line_said_meanwhile_stands_above_the_redrawn_one()
    {
        using var world = new World(onTerminal: true);
        using var progress = new Progress(world.Context, "fetching");
        world.Clock.Advance(Second);
        var before = world.Talk.Length;

        world.Context.Terminal.Say("warning");

        Assert.StartsWith("\r\e[Kwarning\nfetching", world.Talk[before..], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_from_outside_cannot_steer_the_terminal()
    {
        using var world = new World();
        using var progress = new Progress(world.Context, "fetching");
        progress.Describe("evil\e[2J\nname");

        world.Clock.Advance(5 * Second);

        Assert.Equal("fetching 0 B  evil\\u001b[2J\\u000aname\n", world.Talk);
    }
}
