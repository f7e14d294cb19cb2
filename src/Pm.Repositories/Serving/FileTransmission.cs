using System.Buffers;
using System.Net.Sockets;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Sends a file to a socket: by the kernel alone as long as the client keeps up, in small pieces when it does not.</summary>
public static class FileTransmission
{
    /// <summary>In one call, so that one client of a fast network does not hold a thread for long.</summary>
    const int KernelStep = 2 * 1024 * 1024;

    /// <summary>A file up to here is sent by whoever answers; larger ones by the threads that wait for sockets.</summary>
    const int Small = 256 * 1024;

    const int TcpLevel = 6;
    const int TcpCork = 3;

    /// <summary>What each of a thousand slow clients holds in memory.</summary>
    const int SlowStep = 16 * 1024;

    /// <summary>Who needs longer for a third of a socket's buffer is slow.</summary>
    static readonly TimeSpan KeepsUp = TimeSpan.FromMilliseconds(100);

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
        if (count <= Small)
        {
            return await SendAllAsync(socket, file, offset, count, wait, keepsUp: true);
        }

        Cork(socket, isClosed: true);
        var done = await SendAllAsync(socket, file, offset, count, wait, await IsReadyAsync(socket));
        Cork(socket, isClosed: false);

        // What comes after this file is not for the threads that all large files are sent by.
        await Task.Yield();
        return done;
    }

    static async ValueTask<long> SendAllAsync(
        Socket socket, ServedFile file, long offset, long count, Func<ReadOnlyMemory<byte>, ValueTask<bool>> wait, bool keepsUp)
    {
        long done = 0;
        while (done < count)
        {
            var sent = keepsUp ? Send(socket, file, offset + done, Math.Min(KernelStep, count - done)) : -1;
            if (sent < 0)
            {
                sent = await SendSlowlyAsync(file, offset + done, (int)Math.Min(SlowStep, count - done), wait);
                keepsUp = true;
            }
            else if (sent > 0 && done + sent < count)
            {
                // Asked again at once, a full buffer takes a little at a time and the client wakes for each; and the others have their turn.
                keepsUp = await IsReadyAsync(socket);
            }

            if (sent == 0)
            {
                break;
            }

            done += sent;
        }

        return done;
    }

    /// <summary>Has the kernel send full segments only, until it is opened. Source: tcp(7).</summary>
    static void Cork(Socket socket, bool isClosed)
    {
        try
        {
            socket.SetRawSocketOption(TcpLevel, TcpCork, [(byte)(isClosed ? 1 : 0), 0, 0, 0]);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Gone, which the next use tells; or a unix socket, which has none.
        }
    }

    /// <summary>Whether the client keeps up: its buffer has much room again soon. False also where that cannot be told.</summary>
    static async ValueTask<bool> IsReadyAsync(Socket socket)
    {
        try
        {
            return await WritableSockets.WaitAsync(socket.SafeHandle, KeepsUp);
        }
        catch (Exception error) when (error is SystemCallException or ObjectDisposedException)
        {
            return false;
        }
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
