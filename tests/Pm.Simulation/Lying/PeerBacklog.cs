using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pm.Simulation.Lying;

/// <summary>
/// What a client on this machine was sent and has not read. The kernel lets it grow to tens of megabytes on a busy machine
/// (<c>tcp_rmem</c>), so that only who waits for it to be read knows, by what was sent, what was taken.
/// </summary>
sealed class PeerBacklog(Socket socket)
{
    /// <summary>Bytes that may lie there unread.</summary>
    const long Most = 1 << 20;

    /// <summary>Bytes between two looks.</summary>
    const long Stride = 256 << 10;

    readonly int _own = ((IPEndPoint)socket.LocalEndPoint!).Port;
    readonly int _theirs = ((IPEndPoint)socket.RemoteEndPoint!).Port;
    long _unseen;

    /// <summary>To be called after each write: waits until the client has read nearly all, or has gone.</summary>
    public async Task AfterAsync(int sent, CancellationToken stop)
    {
        _unseen += sent;
        if (_unseen < Stride)
        {
            return;
        }

        _unseen = 0;
        while (Unread() > Most)
        {
            // The kernel tells nobody when another's queue has become shorter.
            await Task.Delay(1, stop);
        }
    }

    /// <summary>The <c>rx_queue</c> of the client's end; 0 where there is none. Source: proc_net_tcp.rst of the kernel.</summary>
    long Unread()
    {
        var (own, theirs) = ($":{_own:X4}", $":{_theirs:X4}");
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            foreach (var line in File.Exists(table) ? File.ReadLines(table) : [])
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words[1].EndsWith(theirs, StringComparison.Ordinal) && words[2].EndsWith(own, StringComparison.Ordinal))
                {
                    return long.Parse(words[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                }
            }
        }

        return 0;
    }
}
