using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Pm.Linux.Tests;

/// <summary>Who waits for room in a socket's buffer goes on when there is much of it, and not before.</summary>
public sealed class WritableSocketsTests : IDisposable
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly Socket _receiver;

    public WritableSocketsTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        (listener.ReceiveBufferSize, _sender.SendBufferSize) = (64 * 1024, 64 * 1024);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _sender.Connect(listener.LocalEndPoint!);
        _receiver = listener.Accept();
        _sender.Blocking = false;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Fact]
    public async Task An_empty_buffer_has_room_each_time()
    {
        Assert.True(await WritableSockets.WaitAsync(_sender.SafeHandle, Soon));
        Assert.True(await WritableSockets.WaitAsync(_sender.SafeHandle, Soon));
    }

    [Fact]
    public async Task A_full_one_has_room_once_the_other_side_has_read()
    {
        var sent = await FillAsync();

        var waiting = WritableSockets.WaitAsync(_sender.SafeHandle, Soon);
        Assert.False(waiting.IsCompleted);
        var piece = new byte[64 * 1024];
        for (long read = 0; read < sent;)
        {
            read += _receiver.Receive(piece);
        }

        Assert.True(await waiting);
        Assert.True(_sender.Send(piece) > 0);
    }

    [Fact]
    public async Task Who_waits_for_a_reader_that_is_gone_goes_on()
    {
        await FillAsync();
        var waiting = WritableSockets.WaitAsync(_sender.SafeHandle, Soon);
        _receiver.Dispose();

        Assert.True(await waiting);
        Assert.Throws<SocketException>(() => _sender.Send(new byte[1]));
    }

    [Fact]
    public async Task A_closed_socket_is_told_at_once()
    {
        _sender.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => WritableSockets.WaitAsync(_sender.SafeHandle, Soon));
    }

    /// <summary>Until nothing more goes in: what the kernel is still carrying across makes room again.</summary>
    async Task<long> FillAsync()
    {
        var piece = new byte[64 * 1024];
        long sent = 0;
        while (true)
        {
            sent += _sender.Send(piece, 0, piece.Length, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock && !await WritableSockets.WaitAsync(_sender.SafeHandle, TimeSpan.FromMilliseconds(50)))
            {
                return sent;
            }
        }
    }
}
