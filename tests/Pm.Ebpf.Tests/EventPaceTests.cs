using Pm.Ebpf.Loading;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Of a reader that takes events when the pace says so, in a time that the test makes.</summary>
public class EventPaceTests
{
    [Theory]
    [InlineData(1, 20, true)]
    [InlineData(1, 200, true)]
    [InlineData(1, 201, false)]
    [InlineData(26, 260, true)]
    [InlineData(1, 260, false)]
    [InlineData(0, 1, false)]
    public void Events_gather_where_they_come_within_a_pause_of_each_other(long events, long microseconds, bool isDense)
    {
        var pace = new EventPace();
        pace.Tell(events, TimeSpan.FromMicroseconds(microseconds), havePlace: true);

        Assert.Equal(isDense, pace.IsDense);
    }

    [Theory]
    [InlineData(0, 65_536, true)]
    [InlineData(4096, 65_536, true)]
    [InlineData(4097, 65_536, false)]
    [InlineData(0, 65_535, false)]
    [InlineData(16_384, 262_144, true)]
    public void A_buffer_has_place_while_little_of_it_was_used(long used, long room, bool hasPlace) => Assert.Equal(hasPlace, EventPace.HasPlace(used, room));

    [Fact]
    public void Events_are_taken_at_once_where_a_buffer_is_short_of_place()
    {
        var pace = new EventPace();
        pace.Tell(1000, TimeSpan.FromMicroseconds(260), havePlace: false);

        Assert.False(pace.IsDense);
    }

    /// <summary>The oracle: a buffer that is filled at a rate, and read as the pace says.</summary>
    [Theory]
    [InlineData(1_000, 120, 262_144)]
    [InlineData(100_000, 120, 262_144)]
    [InlineData(2_000_000, 120, 262_144)]
    [InlineData(5_000_000, 120, 262_144)]
    [InlineData(2_000_000, 24, 65_536)]
    public void No_rate_fills_a_buffer_that_is_empty_where_a_reader_never_pauses(int rate, int size, long room)
    {
        const double Slack = 60, Turn = 2;
        var pace = new EventPace();
        double now = 0, taken = 0, last = 0;
        for (var turn = 0; turn < 10_000; turn++)
        {
            // A wait ends with the next event, a pause when it is over.
            var next = (Math.Floor(taken) + 1) * 1e6 / rate;
            now = pace.IsDense ? now + EventPace.Pause.TotalMicroseconds + Slack : Math.Max(now + Turn, next);
            var events = Math.Floor(now * rate / 1e6) - taken;
            Assert.True(events * size <= room, $"{events} events of {size} bytes after {turn} turns");
            taken += events;
            pace.Tell((long)events, TimeSpan.FromMicroseconds(now - last), EventPace.HasPlace((long)events * size, room));
            last = now;
        }
    }
}
