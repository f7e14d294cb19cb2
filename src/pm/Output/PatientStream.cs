using System.Buffers;
using Pm.Linux;

namespace Pm.Cli.Output;

/// <summary>
/// Standard output of who may not wait for its reader without end: what runs in the kernel is to be taken from there when its time is over, whether somebody reads or not. What cannot be written
/// is held, and sent later.
/// </summary>
/// <param name="target">Standard output, which waits.</param>
/// <param name="time">By which waiting is measured.</param>
sealed class PatientStream(Stream target, TimeProvider time) : Stream
{
    /// <summary>How long a signal may wait to be seen, in milliseconds.</summary>
    const int Turn = 100;

    /// <summary>Bytes that wait. What is read at the end of a run makes more of them while nobody reads.</summary>
    const int MostHeld = 64 << 20;

    readonly ArrayBufferWriter<byte> _held = new();
    ReadyOutput? _ready;
    Func<TimeSpan, bool>? _mayWait;

    /// <summary>How many of the bytes that are held were sent meanwhile.</summary>
    int _sent;
    long _left;
    long _taken;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on waits only as long as somebody says.</summary>
    /// <param name="mayWait">Asked again and again, with the time since something was taken.</param>
    public void Await(Func<TimeSpan, bool> mayWait)
    {
        _ready ??= new ReadyOutput();
        _mayWait = mayWait;
        _taken = time.GetTimestamp();
    }

    /// <summary>Something waits to be taken.</summary>
    public bool IsBehind => Held > 0 || _left > 0;

    int Held => _held.WrittenCount - _sent;

    /// <summary>Sends what is held, as long as it may wait; then it waits as everybody does.</summary>
    /// <returns>Bytes that were left out, as nobody took them.</returns>
    public long Finish()
    {
        SendHeld();
        var left = _left + Held;
        _held.ResetWrittenCount();
        (_left, _sent) = (0, 0);
        _mayWait = null;
        _ready?.Dispose();
        _ready = null;
        return left;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_mayWait is null)
        {
            target.Write(buffer);
            return;
        }

        SendHeld();
        var rest = IsBehind ? buffer : buffer[Send(buffer)..];
        if (_left > 0 || rest.Length > MostHeld - Held)
        {
            _left += rest.Length;
        }
        else
        {
            _held.Write(rest);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // What is held waits for its reader.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ready?.Dispose();
        }

        base.Dispose(disposing);
    }

    void SendHeld()
    {
        if (Held == 0)
        {
            return;
        }

        _sent += Send(_held.WrittenSpan[_sent..]);
        if (_sent >= Held)
        {
            // Not before: what is still held is copied.
            var rest = _held.WrittenSpan[_sent..].ToArray();
            _held.ResetWrittenCount();
            _held.Write(rest);
            _sent = 0;
        }
    }

    /// <returns>How many bytes were taken.</returns>
    int Send(ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        while (done < bytes.Length)
        {
            var count = _ready!.Write(bytes[done..]);
            if (count > 0)
            {
                done += count;
                _taken = time.GetTimestamp();
            }
            else if (_mayWait!(time.GetElapsedTime(_taken)))
            {
                ReadyOutput.Wait(Turn);
            }
            else
            {
                break;
            }
        }

        return done;
    }
}
