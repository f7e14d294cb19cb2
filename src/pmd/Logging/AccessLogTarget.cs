using Pm.Daemon.Settings;
using Pm.Linux;

namespace Pm.Daemon.Logging;

/// <summary>Where the access log goes: standard output or error, a file, or nowhere.</summary>
sealed class AccessLogTarget : IAsyncDisposable
{
    const int Mode = 0x1a0;

    readonly string _name;
    readonly ReopenedFile? _file;

    public AccessLogTarget(DaemonSettings settings, DaemonContext context)
    {
        _name = settings.AccessLog;
        _file = _name.StartsWith('/') ? new ReopenedFile(_name, Mode) : null;
        Log = _name switch
        {
            "none" => null,
            "stdout" => new AccessLog(context.Output),
            "stderr" => new AccessLog(context.Talk),
            _ => new AccessLog(_file!),
        };
    }

    /// <summary>Null: none is wanted.</summary>
    public AccessLog? Log { get; }

    /// <summary>Begins the file anew where somebody moved it away.</summary>
    /// <exception cref="SystemCallException">It cannot be opened; the old one stays.</exception>
    public void Reopen() => _file?.Reopen();

    public async ValueTask DisposeAsync()
    {
        if (Log is not null)
        {
            await Log.DisposeAsync();
        }

        _file?.Dispose();
    }
}
