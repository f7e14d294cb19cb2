using System.Net;
using Pm.Remotes.Http;
using Xunit;

namespace Pm.Remotes.Tests.Http;

public sealed class RetryRuleTests
{
    static readonly RemoteException Passing = new("PM6003", "x") { IsTransient = true };

    [Fact]
    public void The_wait_doubles_is_spread_and_has_an_end()
    {
        var random = new Random(1);
        for (var attempt = 1; attempt < 100; attempt++)
        {
            var longest = Math.Min(8, 0.5 * Math.Pow(2, Math.Min(attempt - 1, 10)));

            var waits = Enumerable.Range(0, 50).Select(_ => RetryRule.Wait(Passing, attempt, random)!.Value.TotalSeconds).ToList();

            Assert.All(waits, wait => Assert.InRange(wait, longest / 2, longest));
            Assert.True(waits.Distinct().Count() > 40);
        }
    }

    [Fact]
    public void What_does_not_pass_is_not_waited_for() =>
        Assert.Null(RetryRule.Wait(new RemoteException("PM6003", "x"), 1, new Random(1)));

    [Theory]
    [InlineData(20, 20.0)]
    [InlineData(30, 30.0)]
    [InlineData(31, null)]
    [InlineData(int.MaxValue, null)]
    public void A_server_is_obeyed_within_reason(int asked, double? waited) => Assert.Equal(
        waited,
        RetryRule.Wait(
            new RemoteException("PM6011", "x") { IsTransient = true, RetryAfter = TimeSpan.FromSeconds(asked) }, 1, new Random(1))?.TotalSeconds);

    [Theory]
    [InlineData("5", "", 5.0)]
    [InlineData("0", "", 0.0)]
    [InlineData("4294967296", "", double.MaxValue)]
    [InlineData("99999999999999999999999999", "", double.MaxValue)]
    [InlineData("-5", "", null)]
    [InlineData("soon", "", null)]
    [InlineData("Thu, 01 Jan 2099 00:00:09 GMT", "Thu, 01 Jan 2099 00:00:00 GMT", 9.0)]
    [InlineData("Thu, 01 Jan 2099 00:00:09 GMT", "", null)]
    public void What_the_server_asks_for_is_read_without_its_clock_being_believed(string asked, string date, double? seconds)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        answer.Headers.TryAddWithoutValidation("Retry-After", asked);
        if (date.Length > 0)
        {
            answer.Headers.TryAddWithoutValidation("Date", date);
        }

        Assert.Equal(seconds is double.MaxValue ? TimeSpan.MaxValue.TotalSeconds : seconds, RetryRule.Asked(answer.Headers)?.TotalSeconds);
    }
}
