using System.Net.Sockets;
using System.Text;

namespace Pm.Daemon.Tests;

/// <summary>A client that sends whatever bytes a test likes.</summary>
sealed class RawConnection : IDisposable
{
    readonly Socket _socket;

    RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new RawConnection(socket);
    }

    /// <summary>What one request, sent byte for byte, is answered, until the server closes.</summary>
    public static async Task<string> ExchangeAsync(Uri address, string request)
    {
        using var connection = await OpenAsync(address);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

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
