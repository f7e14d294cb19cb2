using System.Net.Sockets;
using System.Text;

namespace Pm.Daemon.Tests;

/// <summary>A client that sends whatever bytes a test likes.</summary>
sealed class RawConnection : IDisposable
{
    readonly Socket _socket;

    RawConnection(Socket socket) => _socket = socket;

    /// <param name="address">Of the server.</param>
    /// <param name="from">An address of loopback; null: the usual one.</param>
    public static async Task<RawConnection> OpenAsync(Uri address, string? from = null)
    {
        var socket = from is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(from), 0));
        }

        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // Accepted and closed before it was told so: it is one that is over.
        }

        return new RawConnection(socket);
    }

    /// <summary>What one request, sent byte for byte, is answered, until the server closes.</summary>
    public static async Task<string> ExchangeAsync(Uri address, string request, string? from = null)
    {
        using var connection = await OpenAsync(address, from);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Cut off: what the server said before shows when it is read.
        }
    }

    /// <summary>Reads up to so many bytes; fewer only at the end.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var buffer = new byte[count];
        var filled = 0;
        for (int read; filled < count && (read = await _socket.ReceiveAsync(buffer.AsMemory(filled))) > 0;)
        {
            filled += read;
        }

        return buffer[..filled];
    }

    /// <summary>Reads the rest of an answer whose status line was read, by its length.</summary>
    public async Task SkipAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(Encoding.Latin1.GetString(await ReadAsync(1) is { Length: 1 } one ? one : throw new EndOfStreamException($"{head}")));
        }

        var length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        _ = await ReadAsync(int.Parse(length["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture));
    }

    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            for (int read; (read = await _socket.ReceiveAsync(buffer)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Cut off: what came before is what it said.
        }

        return text.ToString();
    }

    /// <summary>Ends it as a client does that crashed: by a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
