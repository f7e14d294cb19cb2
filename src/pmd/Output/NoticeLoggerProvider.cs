using Microsoft.Extensions.Logging.Abstractions;

namespace Pm.Daemon.Output;

/// <summary>What the web server itself warns of, as one of the daemon's own lines; not more of them than anybody reads.</summary>
sealed class NoticeLoggerProvider(Notices notices, TimeProvider time) : ILoggerProvider
{
    /// <summary>Lines a minute: what strangers do may be among what it warns of.</summary>
    public const int MaximumLines = 30;

    /// <summary>What the host logs of itself is thrown as well, and said then by whoever catches it, in our words.</summary>
    const string Host = "Microsoft.Extensions.Hosting";

    readonly Lock _gate = new();
    long _began = time.GetTimestamp();
    int _count;

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Host, StringComparison.Ordinal) ? NullLogger.Instance : new NoticeLogger(this);

    public void Dispose()
    {
        // Nothing is held.
    }

    void Warn(string message)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_began) >= TimeSpan.FromMinutes(1))
            {
                if (_count > MaximumLines)
                {
                    notices.Warn($"{_count - MaximumLines} further warnings of the web server are left out");
                }

                (_began, _count) = (time.GetTimestamp(), 0);
            }

            if (++_count > MaximumLines)
            {
                return;
            }
        }

        notices.Warn(message);
    }

    sealed class NoticeLogger(NoticeLoggerProvider all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                all.Warn(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.GetType().Name}: {exception.Message}");
            }
        }
    }
}
