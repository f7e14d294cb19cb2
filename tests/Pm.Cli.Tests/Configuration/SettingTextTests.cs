using Pm.Cli.Configuration;
using Xunit;

namespace Pm.Cli.Tests.Configuration;

public class SettingTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("30", 30_000)]
    [InlineData("500ms", 500)]
    [InlineData("0.5s", 500)]
    [InlineData("1.5", 1_500)]
    [InlineData("0.1m", 6_000)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("604800000ms", 604_800_000)]
    [InlineData("168h", 604_800_000)]
    public void A_time_is_a_number_and_its_unit(string text, long milliseconds)
    {
        Assert.True(SettingText.TryTime(text, out var time));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("ms")]
    [InlineData("-1")]
    [InlineData("+1s")]
    [InlineData(".5s")]
    [InlineData("5.s")]
    [InlineData("1.5.5s")]
    [InlineData("1,5s")]
    [InlineData("1e3s")]
    [InlineData("604800.1s")]
    [InlineData("79228162514264337593543950336s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1mss")]
    [InlineData("604800001ms")]
    [InlineData("604801")]
    [InlineData("10081m")]
    [InlineData("169h")]
    [InlineData("99999999999h")]
    public void Other_texts_and_more_than_a_week_are_no_time(string text) => Assert.False(SettingText.TryTime(text, out _));

    [Theory]
    [InlineData("12h", 0.5)]
    [InlineData("7d", 7)]
    [InlineData("2w", 14)]
    [InlineData("3660d", 3660)]
    public void An_age_has_days_and_weeks(string text, double days)
    {
        Assert.True(SettingText.TryAge(text, out var age));
        Assert.Equal(TimeSpan.FromDays(days), age);
    }

    [Theory]
    [InlineData("500ms")]
    [InlineData("3661d")]
    [InlineData("523w")]
    public void An_age_has_no_milliseconds_and_ends_after_ten_years(string text) => Assert.False(SettingText.TryAge(text, out _));
}
