using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>A place of this machine where connections are taken, and connections to it.</summary>
sealed class Connection : IDisposable
{
    const int Tcp = 6;
    const int Congestion = 13; // TCP_CONGESTION

    readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Connection()
    {
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
    }

    public int Port => ((IPEndPoint)_listening.LocalEndPoint!).Port;

    public void Dispose() => _listening.Dispose();

    /// <summary>Connects, and sends so many bytes from there to here.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="control">The kind of congestion control; empty for the machine's.</param>
    /// <exception cref="SocketException">The kernel has no such control.</exception>
    public void Send(int bytes, ReadOnlySpan<byte> control = default)
    {
        using var sending = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!control.IsEmpty)
        {
            sending.SetRawSocketOption(Tcp, Congestion, control);
        }

        sending.Connect(_listening.LocalEndPoint!);
        using var receiving = _listening.Accept();
        sending.Send(new byte[bytes]);
        for (var left = bytes; left > 0;)
        {
            // Sockets of a map are woken up before there is anything for them, now and then.
            left -= receiving.Receive(new byte[left], SocketFlags.None, out var error);
            Assert.True(error is SocketError.Success or SocketError.WouldBlock, $"{error}");
        }
    }
}
