using System.Buffers;
using System.Text.Json;
using Pm.Cli.Output;

namespace Pm.Cli.Rpc;

/// <summary>What goes to the client, held until it is taken: a line each.</summary>
sealed class RpcOutput : IBufferWriter<byte>, IDisposable
{
    const int FirstRoom = 64 << 10;

    readonly Utf8JsonWriter _json;
    byte[] _bytes = new byte[FirstRoom];
    int _start;
    int _end;

    public RpcOutput() => _json = new Utf8JsonWriter(this, PlainJsonEncoder.Options);

    /// <summary>The client reads no more: what is written is lost.</summary>
    public bool IsGone { get; set; }

    /// <summary>What waits to be sent.</summary>
    public ReadOnlySpan<byte> Held => _bytes.AsSpan(_start.._end);

    /// <summary>So much of it was sent.</summary>
    public void Sent(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>A line of JSON.</summary>
    public void Line(Action<Utf8JsonWriter> write)
    {
        _json.Reset();
        write(_json);
        _json.Flush();
        EndLine();
    }

    /// <summary>A line that is made of parts that are JSON already.</summary>
    public void Line(ReadOnlySpan<byte> before, ReadOnlySpan<byte> value, ReadOnlySpan<byte> after)
    {
        this.Write(before);
        this.Write(value);
        this.Write(after);
        EndLine();
    }

    public void Advance(int count) => _end += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var size = Math.Max(sizeHint, 1);
        if (_end + size > _bytes.Length)
        {
            var held = _end - _start;
            var to = held + size > _bytes.Length ? new byte[Math.Max(_bytes.Length * 2, held + size)] : _bytes;
            _bytes.AsSpan(_start.._end).CopyTo(to);
            (_bytes, _start, _end) = (to, 0, held);
        }

        return _bytes.AsMemory(_end);
    }

    public void Dispose() => _json.Dispose();

    void EndLine()
    {
        this.Write("\n"u8);
        if (IsGone)
        {
            _start = _end = 0;
        }
    }
}
