using System.Buffers;
using System.Net.Sockets;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Sends a file to a socket: by the kernel alone as long as the client keeps up, in small pieces when it does not.</summary>
public static class FileTransmission
{
    /// <summary>In one call, so that one client of a fast network does not hold a thread for long.</summary>
    const int KernelStep = 2 * 1024 * 1024;

    /// <summary>What each of a thousand slow clients holds in memory.</summary>
    const int SlowStep = 16 * 1024;

    /// <summary>How many bytes were sent: fewer than asked for when the file was cut or the client is gone.</summary>
    /// <param name="socket">That has been received from asynchronously: then it does not block.</param>
    /// <param name="file">One that is not in memory.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="count">Of bytes.</param>
    /// <param name="wait">Sends a piece and waits as long as the client may take; false: it took longer.</param>
    public static async ValueTask<long> SendAsync(
        Socket socket, ServedFile file, long offset, long count, Func<ReadOnlyMemory<byte>, ValueTask<bool>> wait)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(wait);
        long done = 0;
        while (done < count)
        {
            var sent = Send(socket, file, offset + done, Math.Min(KernelStep, count - done));
            if (sent < 0)
            {
                sent = await SendSlowlyAsync(file, offset + done, (int)Math.Min(SlowStep, count - done), wait);
            }

            if (sent == 0)
            {
                break;
            }

            done += sent;
        }

        return done;
    }

    /// <summary>0: the file has no more, or the client is gone. -1: the client takes nothing now.</summary>
    static long Send(Socket socket, ServedFile file, long offset, long count)
    {
        try
        {
            return file.SendTo(socket.SafeHandle, offset, count);
        }
        catch (Exception error) when (error is SystemCallException or ObjectDisposedException)
        {
            return 0;
        }
    }

    static async ValueTask<long> SendSlowlyAsync(ServedFile file, long offset, int count, Func<ReadOnlyMemory<byte>, ValueTask<bool>> wait)
    {
        var piece = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            var read = file.Read(piece.AsSpan(0, count), offset);
            return read > 0 && await wait(piece.AsMemory(0, read)) ? read : 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
