namespace Pm.Daemon.Output;

/// <summary>What the web server itself warns of, as one of the daemon's own lines.</summary>
sealed class NoticeLoggerProvider(Notices notices) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new NoticeLogger(notices);

    public void Dispose()
    {
        // Nothing is held.
    }

    sealed class NoticeLogger(Notices notices) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                notices.Warn(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.GetType().Name}: {exception.Message}");
            }
        }
    }
}
