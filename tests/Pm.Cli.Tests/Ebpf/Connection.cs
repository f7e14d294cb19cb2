using System.Net;
using System.Net.Sockets;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>Two sockets of this machine that talk with each other.</summary>
static class Connection
{
    const int Tcp = 6;
    const int Congestion = 13; // TCP_CONGESTION

    /// <summary>Connects them, and sends so many bytes from one to the other.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="control">The kind of congestion control; empty for the machine's.</param>
    /// <exception cref="SocketException">The kernel has no such control.</exception>
    public static void Send(int bytes, ReadOnlySpan<byte> control = default)
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        using var sending = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!control.IsEmpty)
        {
            sending.SetRawSocketOption(Tcp, Congestion, control);
        }

        sending.Connect(listening.LocalEndPoint!);
        using var receiving = listening.Accept();
        sending.Send(new byte[bytes]);
        for (var left = bytes; left > 0;)
        {
            left -= receiving.Receive(new byte[left]);
        }
    }
}
