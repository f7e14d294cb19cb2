using System.Net;
using System.Net.Sockets;
using Pm.Repositories.Serving;
using Pm.Repositories.Serving.Http;

namespace Pm.Repositories.StaticServing;

/// <summary>One client: its requests one after the other.</summary>
sealed class StaticConnection(Socket socket, RepositorySet repositories, StaticOptions options, DateText date) : IDisposable
{
    readonly byte[] _head = new byte[RequestHeadReader.MaximumLength];
    readonly byte[] _answer = new byte[ResponseHead.MaximumLength];
    int _filled;
    long _headBegan;

    public void Dispose() => socket.Dispose();

    /// <param name="stop">No further request is begun.</param>
    /// <param name="kill">Nor is one ended.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken kill)
    {
        if (socket.LocalEndPoint is IPEndPoint)
        {
            socket.NoDelay = true;
        }

        while (await ReadHeadAsync(stop) is var length and > 0)
        {
            var began = options.Time.GetTimestamp();
            var status = RequestHeadReader.Read(_head.AsSpan(0, length), out var head);
            Consume(length);
            if (head is null)
            {
                await RefuseAsync(PlainAnswer.NotUnderstood(status), kill);
                return;
            }

            var (answered, bytes) = await AnswerAsync(head, kill);
            Log(head, began, answered, bytes);
            if (EndsAfter(head) || answered < 0 || stop.IsCancellationRequested)
            {
                break;
            }
        }

        await EndAsync();
    }

    /// <summary>The length of the next head; 0: there is none, or what came is refused and answered.</summary>
    async Task<int> ReadHeadAsync(CancellationToken stop)
    {
        while (true)
        {
            if (RequestHeadReader.End(_head.AsSpan(0, _filled)) is var end and >= 0)
            {
                return end;
            }

            if (_filled == _head.Length)
            {
                await RefuseAsync(PlainAnswer.NotUnderstood(431), CancellationToken.None);
                return 0;
            }

            if (!await ReceiveAsync(stop))
            {
                return 0;
            }
        }
    }

    /// <summary>False: the client is gone, is too slow or says nothing, or the server stops.</summary>
    async Task<bool> ReceiveAsync(CancellationToken stop)
    {
        using var limit = Limit(_filled == 0 ? options.IdleTimeout : Left(), stop, out var timeout);
        using (timeout)
        {
            try
            {
                var read = await socket.ReceiveAsync(_head.AsMemory(_filled), limit.Token);
                if (_filled == 0)
                {
                    _headBegan = options.Time.GetTimestamp();
                }

                _filled += read;
                return read > 0;
            }
            catch (OperationCanceledException) when (_filled > 0 && !stop.IsCancellationRequested)
            {
                await RefuseAsync(PlainAnswer.TooSlow, stop);
                return false;
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>One limit for the whole head: a byte now and then does not make it longer.</summary>
    TimeSpan Left()
    {
        var left = options.HeadTimeout - options.Time.GetElapsedTime(_headBegan);
        return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
    }

    void Consume(int length)
    {
        _head.AsSpan(length, _filled - length).CopyTo(_head);
        _filled -= length;
        _headBegan = options.Time.GetTimestamp();
    }

    /// <summary>A body that follows is not read, so that nothing that follows it is understood.</summary>
    static bool EndsAfter(RequestHead head) => head.IsLast || head.HasBody;

    /// <summary>The status, negative when the connection can go on no more, and the bytes of the body.</summary>
    async Task<(int Status, long Bytes)> AnswerAsync(RequestHead head, CancellationToken kill)
    {
        var isHead = head.IsHead;
        if (!isHead && !head.IsGet)
        {
            return await SayAsync(head, PlainAnswer.OnlyReading, kill);
        }

        if (RequestPath.Decode(head.Target) is not { } path)
        {
            return await SayAsync(head, PlainAnswer.RefusedPath, kill);
        }

        if (Choose(path, head.AcceptEncoding, out var choice) is { } refusal)
        {
            return await SayAsync(head, refusal, kill);
        }

        using var chosen = choice;
        var answer = chosen.Answer(head.Conditions, !isHead);
        var length = ResponseHead.OfFile(_answer, answer, chosen, EndsAfter(head), date.Now);
        var isSent = await SendAsync(_answer.AsMemory(0, length), kill);
        var count = isHead || !answer.HasContent ? 0 : answer.Count;
        var done = isSent ? await SendFileAsync(chosen.Sent, answer.Offset, count, kill) : 0;
        return (isSent && done == count ? answer.Status : -answer.Status, done);
    }

    PlainAnswer? Choose(string path, string? acceptEncoding, out FileChoice choice)
    {
        choice = default;
        return repositories.Resolve(path, out var rest) is { } repository ? repository.Files.Choose(rest, acceptEncoding, out choice) : PlainAnswer.NoFile;
    }

    async Task<(int Status, long Bytes)> SayAsync(RequestHead head, PlainAnswer answer, CancellationToken kill)
    {
        var isHead = head.IsHead;
        var isSent = await SendAsync(ResponseHead.OfText(answer, isHead, EndsAfter(head), date.Now), kill);
        return (isSent ? answer.Status : -answer.Status, isHead ? 0 : answer.Text.Length);
    }

    async Task RefuseAsync(PlainAnswer answer, CancellationToken kill)
    {
        _ = await SendAsync(ResponseHead.OfText(answer, isHead: false, isLast: true, date.Now), kill);
        await EndAsync();
    }

    /// <summary>Fewer than <paramref name="count"/> when the client is gone or somebody cut the file: then all that is left is to break off.</summary>
    async Task<long> SendFileAsync(ServedFile file, long offset, long count, CancellationToken kill)
    {
        if (file.IsInMemory)
        {
            return await SendAsync(file.Content.Slice((int)offset, (int)count), kill) ? count : 0;
        }

        return await FileTransmission.SendAsync(socket, file, offset, count, async piece => await SendAsync(piece, kill));
    }

    async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken kill)
    {
        using var limit = Limit(options.StepTimeout, kill, out var timeout);
        using (timeout)
        {
            try
            {
                while (!bytes.IsEmpty)
                {
                    bytes = bytes[await socket.SendAsync(bytes, limit.Token)..];
                }

                return true;
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>Says that no more comes, and takes what the client still sends: else its kernel would throw the answer away.</summary>
    async Task EndAsync()
    {
        using var limit = Limit(TimeSpan.FromSeconds(1), CancellationToken.None, out var timeout);
        using (timeout)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                for (var left = 64; left > 0 && await socket.ReceiveAsync(_head, limit.Token) > 0; left--)
                {
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // It is gone.
            }
        }
    }

    CancellationTokenSource Limit(TimeSpan time, CancellationToken other, out CancellationTokenSource timeout)
    {
        timeout = new CancellationTokenSource(time, options.Time);
        return CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, other);
    }

    void Log(RequestHead head, long began, int status, long bytes) => options.Log(new RequestRecord
    {
        Client = (socket.RemoteEndPoint as IPEndPoint)?.Address is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null,
        End = options.Time.GetUtcNow().UtcDateTime,
        Duration = options.Time.GetElapsedTime(began),
        Method = head.Method,
        Target = head.Target,
        Protocol = head.Protocol,
        Status = Math.Abs(status),
        Bytes = bytes,
        Referer = head.Referer,
        Agent = head.Agent,
    });
}
