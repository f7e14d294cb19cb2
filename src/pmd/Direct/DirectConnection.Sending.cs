using System.Buffers;
using System.Net.Sockets;
using Pm.Repositories.Serving;
using Pm.Repositories.Serving.Http;

namespace Pm.Daemon.Direct;

/// <content>What it says, as bytes on the socket.</content>
sealed partial class DirectConnection
{
    async ValueTask<(int Status, long Bytes, bool IsWhole)> SendAsync(RequestHead head, FileChoice choice)
    {
        var sent = choice.Sent;
        var answer = choice.Answer(head.Conditions, head.IsGet);
        var count = head.IsGet && answer.HasContent ? answer.Count : 0;
        var inMemory = sent.IsInMemory ? (int)count : 0;
        var buffer = ArrayPool<byte>.Shared.Rent(ResponseHead.MaximumLength + inMemory);
        try
        {
            var length = ResponseHead.OfFile(buffer, answer, choice, head.IsLast || _isOver, _files.Date.Now);
            sent.Content.Span.Slice(inMemory == 0 ? 0 : (int)answer.Offset, inMemory).CopyTo(buffer.AsSpan(length));
            if (!await SendAllAsync(buffer.AsMemory(0, length + inMemory)))
            {
                return (answer.Status, 0, false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (inMemory == count)
        {
            return (answer.Status, count, true);
        }

        var done = await FileTransmission.SendAsync(_socket, sent, answer.Offset, count, SendAllAsync);
        return (answer.Status, done, done == count);
    }

    async ValueTask<(int Status, long Bytes, bool IsWhole)> SayAsync(PlainAnswer answer, RequestHead head)
    {
        var isSent = await SendAllAsync(ResponseHead.OfText(answer, head.IsHead, head.IsLast || _isOver, _files.Date.Now));
        return (answer.Status, isSent && !head.IsHead ? answer.Text.Length : 0, isSent);
    }

    /// <summary>Says why the connection ends.</summary>
    async ValueTask RefuseAsync(PlainAnswer answer) =>
        _ = await SendAllAsync(ResponseHead.OfText(answer, isHead: false, isLast: true, _files.Date.Now));

    /// <summary>False: the client is gone, or took too long.</summary>
    async ValueTask<bool> SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var pending = _socket.SendAsync(bytes, SocketFlags.None);
                if (!pending.IsCompleted)
                {
                    Volatile.Write(ref _deadline, _files.Clients.ForSending(bytes.Length));
                }

                bytes = bytes[await pending..];
            }

            Volatile.Write(ref _deadline, long.MaxValue);
            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
