using System.Buffers;

namespace Pm.Daemon.Logging;

/// <summary>
/// Writes the lines of requests. Requests never wait for whoever reads them: lines are gathered while the last are
/// written, and dropped, counted, when too many are gathered.
/// </summary>
sealed class AccessLog : IAsyncDisposable
{
    /// <summary>Gathered bytes above which lines are dropped.</summary>
    const int MaximumPending = 1024 * 1024;

    readonly Lock _gate = new();
    readonly Stream _target;
    readonly SemaphoreSlim _filled = new(0, 1);
    readonly CancellationTokenSource _end = new();
    readonly Task _writing;
    ArrayBufferWriter<byte> _pending = new();
    long _dropped;

    public AccessLog(Stream target)
    {
        _target = target;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Lines that nobody will see.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <param name="line">With its newline.</param>
    public void Add(ReadOnlySpan<byte> line)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_pending.WrittenCount + line.Length > MaximumPending)
            {
                _dropped++;
                return;
            }

            isFirst = _pending.WrittenCount == 0;
            _pending.Write(line);
        }

        if (isFirst)
        {
            Wake();
        }
    }

    /// <summary>Writes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing;
        _filled.Dispose();
        _end.Dispose();
    }

    void Wake()
    {
        try
        {
            _filled.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    async Task WriteAsync()
    {
        var spare = new ArrayBufferWriter<byte>();
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _filled.WaitAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
            }

            spare = WriteGathered(spare);
        }
    }

    ArrayBufferWriter<byte> WriteGathered(ArrayBufferWriter<byte> spare)
    {
        ArrayBufferWriter<byte> filled;
        lock (_gate)
        {
            (filled, _pending) = (_pending, spare);
        }

        try
        {
            _target.Write(filled.WrittenSpan);
        }
        catch (IOException)
        {
            // Nobody reads it any more: no reason to stop serving.
        }

        filled.ResetWrittenCount();
        return filled;
    }
}
