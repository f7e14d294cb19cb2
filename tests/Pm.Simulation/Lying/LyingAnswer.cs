using System.Net.Sockets;
using System.Text;

namespace Pm.Simulation.Lying;

/// <summary>What a lie has in hand: the request, the honest content, and the bare connection.</summary>
public sealed class LyingAnswer(LyingRequest request, TcpClient client, Stream stream, byte[]? content, CancellationToken stop)
{
    public LyingRequest Request => request;

    /// <summary>Null where there is no such file.</summary>
    public byte[]? Content => content;

    /// <summary>Ends when the test does.</summary>
    public CancellationToken Stop => stop;

    /// <summary>What an honest answer says of its content; null: nothing.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether the connection ends after this answer.</summary>
    public bool IsOver { get; set; }

    /// <summary>The first byte that a range asks for; 0 without one.</summary>
    public int Offset => request.Headers.TryGetValue("range", out var range)
        ? int.Parse(range["bytes=".Length..].Split('-')[0], System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    /// <summary>Told how many bytes were sent.</summary>
    public Action<int>? Sent { get; init; }

    /// <summary>Of the connection; null: nobody waits for what was sent to be read.</summary>
    internal PeerBacklog? Backlog { get; init; }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stop);
        Sent?.Invoke(bytes.Length);
        if (Backlog is not null)
        {
            await Backlog.AfterAsync(bytes.Length, stop);
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends a status line, these headers and an empty line.</summary>
    public Task SendHeadAsync(string status, params string[] headers)
    {
        var type = ContentType is null || !status.StartsWith("200", StringComparison.Ordinal) || headers.Any(h => h.StartsWith("Content-Type", StringComparison.Ordinal))
            ? ""
            : $"Content-Type: {ContentType}\r\n";
        return SendAsync($"HTTP/1.1 {status}\r\n{type}{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");
    }

    /// <summary>Breaks the connection as a crash does.</summary>
    public void Reset()
    {
        client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close();
        IsOver = true;
    }

    /// <summary>By which the server stalls; null: for ever.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Waits until the client goes away, the server's patience or the test ends.</summary>
    public Task WaitAsync()
    {
        IsOver = true;
        return WaitAsync(LyingServer.LongestStall);
    }

    /// <summary>Between two bytes of somebody who is slow.</summary>
    /// <exception cref="IOException">The client went away.</exception>
    public Task TickAsync() => WaitAsync(LyingServer.SlowTick);

    async Task WaitAsync(TimeSpan time)
    {
        _gone ??= stream.ReadAsync(new byte[1], stop).AsTask();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_gone, Time is null ? _gone : Task.Delay(time, Time, over.Token));
        await over.CancelAsync();
        if (_gone.IsCompleted)
        {
            throw new IOException("the client went away");
        }
    }

    Task<int>? _gone;
}
