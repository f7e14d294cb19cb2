using System.Globalization;
using System.Net;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Repositories.Tests.Tokens;

public sealed class RateLimitTests
{
    readonly StepClock _clock = new();

    [Fact]
    public void So_many_in_a_time_and_then_again()
    {
        var limit = new RateLimit(3, TimeSpan.FromMinutes(1), _clock);

        Assert.Equal([null, null, null], Enumerable.Range(0, 3).Select(_ => limit.Take("a")));
        _clock.Seconds = 20;
        Assert.Equal(TimeSpan.FromSeconds(40), limit.Take("a"));
        Assert.Equal(TimeSpan.FromSeconds(40), limit.Look("a"));
        Assert.Null(limit.Take("b"));
        _clock.Seconds = 60;
        Assert.Null(limit.Look("a"));
        Assert.Null(limit.Take("a"));
    }

    [Fact]
    public void Looking_counts_nothing()
    {
        var limit = new RateLimit(1, TimeSpan.FromMinutes(1), _clock);

        Assert.Null(limit.Look("a"));
        Assert.Null(limit.Look("a"));
        Assert.Null(limit.Take("a"));
        Assert.NotNull(limit.Look("a"));
    }

    [Fact]
    public void A_flood_of_keys_is_forgotten_and_not_kept()
    {
        var limit = new RateLimit(1, TimeSpan.FromMinutes(1), _clock);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.Null(limit.Take(i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.NotNull(limit.Take("99999"));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void An_address_has_a_key_with_its_neighbours_of_the_same_network(string one, string other, bool isSame) =>
        Assert.Equal(isSame, RateLimit.KeyOf(IPAddress.Parse(one)) == RateLimit.KeyOf(IPAddress.Parse(other)));

    sealed class StepClock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
