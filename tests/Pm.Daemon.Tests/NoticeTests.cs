using System.Text;
using Microsoft.Extensions.Logging;
using Pm.Daemon.Output;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>What the daemon says to its operator.</summary>
public class NoticeTests
{
    [Fact]
    public void The_web_servers_warnings_are_limited_and_those_left_out_counted()
    {
        var talk = new Recording();
        var clock = new SetClock();
        using var provider = new NoticeLoggerProvider(new Notices(talk), clock);
        var logger = provider.CreateLogger("server");

        for (var i = 0; i < NoticeLoggerProvider.MaximumLines + 7; i++)
        {
            Warn(logger, $"something {i}");
        }

        clock.Elapsed = TimeSpan.FromMinutes(1);
        Warn(logger, "the last");
        var lines = Encoding.UTF8.GetString(talk.ToArray()).TrimEnd('\n').Split('\n');

        Assert.Equal(NoticeLoggerProvider.MaximumLines + 2, lines.Length);
        Assert.Equal(["pmd: warning: 7 further warnings of the web server are left out", "pmd: warning: the last"], lines[^2..]);
    }

    static void Warn(ILogger logger, string text) => logger.Log(LogLevel.Warning, default, text, null, (state, _) => state);

    /// <summary>A clock that stands until it is set.</summary>
    sealed class SetClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
