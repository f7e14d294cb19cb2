using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Pm.Bench;

/// <summary>A client's connection to a server of the benchmark, in as little memory of its own as can be.</summary>
static class LoopbackConnection
{
    internal static Stream Open(int port, bool isTls)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        var plain = new NetworkStream(socket, ownsSocket: true);
        if (!isTls)
        {
            return plain;
        }

#pragma warning disable CA5359 // The certificate was made by this program a moment ago.
        var stream = new SslStream(plain, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        stream.AuthenticateAsClient("localhost");
        return stream;
    }

    internal static byte[] Request(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
}
