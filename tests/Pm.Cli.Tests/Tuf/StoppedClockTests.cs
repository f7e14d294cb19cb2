using System.Globalization;
using Xunit;

namespace Pm.Cli.Tests.Tuf;

public sealed class StoppedClockTests
{
    static readonly DateTimeOffset Handed = new(2020, 2, 2, 2, 2, 2, TimeSpan.Zero);

    [Fact]
    public void The_time_that_was_handed_on_is_the_time_and_waiting_goes_by_the_systems_clock()
    {
        using var world = new World();
        var context = world.Context with
        {
            Environment = new Dictionary<string, string> { [StoppedClock.Variable] = Handed.ToString("O", CultureInfo.InvariantCulture) },
        };

        var time = StoppedClock.Leave(context, ["tuf-client"]).Time;

        Assert.Equal(Handed, time.GetUtcNow());
        var start = time.GetTimestamp();
        Assert.True(SpinWait.SpinUntil(() => time.GetTimestamp() > start, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(StoppedClock.Variable, "yesterday")]
    [InlineData("HOME", "/")]
    public void Without_one_the_clock_is_the_worlds(string variable, string value)
    {
        using var world = new World();
        var context = world.Context with { Environment = new Dictionary<string, string> { [variable] = value } };

        Assert.Same(world.Clock, StoppedClock.Leave(context, ["tuf-client"]).Time);
    }

    [Fact]
    public void A_clock_that_moves_is_not_left_whatever_is_preloaded()
    {
        using var world = new World();
        var context = world.Context with { Time = TimeProvider.System, Environment = new Dictionary<string, string> { ["LD_PRELOAD"] = "something.so" } };

        Assert.Same(TimeProvider.System, StoppedClock.Leave(context, ["tuf-client"]).Time);
    }

    [Fact]
    public void A_clock_that_stands_still_is_left_for_a_program_that_is_started_again()
    {
        using var world = new World();
        var context = world.Context with
        {
            ExecutablePath = "/nowhere/pm",
            Environment = new Dictionary<string, string> { ["LD_PRELOAD"] = "something.so" },
        };

        // The manual clock stands still; the program is not there, so that the test lives on.
        Assert.Contains("exec", Assert.Throws<Linux.SystemCallException>(() => StoppedClock.Leave(context, ["tuf-client"])).Message, StringComparison.Ordinal);
    }
}
