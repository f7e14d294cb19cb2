using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Pm.Repositories.Serving;
using Pm.Repositories.Serving.Http;

namespace Pm.Daemon.Direct;

/// <summary>One client without TLS, as long as it asks for files.</summary>
sealed partial class DirectConnection : IDisposable
{
    readonly DirectFiles _files;
    readonly ConnectionContext _connection;
    readonly Socket _socket;
    readonly CancellationTokenRegistration _stop;
    RequestHead? _before;
    ServedRepository? _repository;
    string _path = "";
    long _deadline = long.MaxValue;
    bool _isBegun;
    volatile bool _isSending;
    volatile bool _isOver;

    public DirectConnection(DirectFiles files, ConnectionContext connection, Socket socket)
    {
        _files = files;
        _connection = connection;
        _socket = socket;
        _files.Clients.Add(this);
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        _stop = closing.UnsafeRegister(static state => ((DirectConnection)state!).EndReading(), this);
    }

    /// <summary>When <see cref="Expire"/> is due, on the clock of <see cref="DirectClients"/>.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>True: what comes now is for the web server. False: the connection is over.</summary>
    public async Task<bool> RunAsync()
    {
        try
        {
            return await AnswerAllAsync();
        }
        catch (Exception error) when (error is ConnectionResetException or ConnectionAbortedException)
        {
            // The client is gone: nothing that the operator has to know of each.
            return false;
        }
    }

    /// <summary>The client took too long.</summary>
    public void Expire()
    {
        if (_isSending)
        {
            _connection.Abort(new ConnectionAbortedException("the client takes its answer too slowly"));
        }
        else
        {
            EndReading();
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _files.Clients.Remove(this);
    }

    async Task<bool> AnswerAllAsync()
    {
        var input = _connection.Transport.Input;
        _deadline = _files.Clients.In(_files.Settings.IdleTimeout);
        while (true)
        {
            var request = Take(input, await input.ReadAsync());
            switch (request.Kind)
            {
                case DirectRequestKind.Other:
                    return true;
                case DirectRequestKind.File:
                    if (!await AnswerAsync(request.Head!) || request.Head!.IsLast || _isOver)
                    {
                        return false;
                    }

                    _deadline = _files.Clients.In(_files.Settings.IdleTimeout);
                    break;
                case DirectRequestKind.Refused:
                    await RefuseAsync(PlainAnswer.NotUnderstood(request.Status));
                    return false;
                case DirectRequestKind.TooSlow:
                    await RefuseAsync(PlainAnswer.TooSlow);
                    return false;
                case DirectRequestKind.None:
                    return false;
            }
        }
    }

    /// <summary>Takes the head of a request for a file off what was received; all else stays there.</summary>
    DirectRequest Take(PipeReader input, in ReadResult received)
    {
        var bytes = received.Buffer;
        var request = DirectRequest.Read(bytes, _before);
        if (request.Kind == DirectRequestKind.File && TryResolve(request.Head!) && !IsForPeople(request.Head!))
        {
            input.AdvanceTo(bytes.GetPosition(request.Length));
            _isBegun = false;
            return request;
        }

        if (request.Kind != DirectRequestKind.Incomplete)
        {
            input.AdvanceTo(bytes.Start);
            return request.Kind == DirectRequestKind.Refused ? request : new DirectRequest(DirectRequestKind.Other);
        }

        input.AdvanceTo(bytes.Start, bytes.End);
        return new DirectRequest(WaitForMore(received, isPartial: !bytes.IsEmpty));
    }

    DirectRequestKind WaitForMore(in ReadResult received, bool isPartial)
    {
        if (_isOver || received.IsCompleted || received.IsCanceled)
        {
            // A head that was begun and did not end in time is told so.
            return isPartial && received.IsCanceled ? DirectRequestKind.TooSlow : DirectRequestKind.None;
        }

        if (isPartial && !_isBegun)
        {
            // One limit for the whole head: a byte now and then does not make it longer.
            _isBegun = true;
            _deadline = _files.Clients.In(_files.Settings.HeaderTimeout);
        }

        return DirectRequestKind.Incomplete;
    }

    void EndReading()
    {
        _isOver = true;
        _connection.Transport.Input.CancelPendingRead();
    }

    /// <summary>Whether the head asks for a file; clients ask for the same one again and again.</summary>
    bool TryResolve(RequestHead head)
    {
        if (!ReferenceEquals(head.Target, _before?.Target) || _repository is null || !ReferenceEquals(_files.Repositories.Find(_repository.Namespace), _repository))
        {
            _repository = _files.Resolve(head.Target, out _path);
        }

        _before = head;
        return _repository is not null;
    }

    /// <summary>What is not there is said to a person as a page, which the web server makes.</summary>
    bool IsForPeople(RequestHead head) => head.AcceptsPage && _repository!.Files.IsAbsent(_path);

    /// <summary>False: the connection cannot go on.</summary>
    async ValueTask<bool> AnswerAsync(RequestHead head)
    {
        var began = _files.Log.Now;
        _deadline = long.MaxValue;
        _isSending = true;
        var refusal = _repository!.Files.Choose(_path, head.AcceptEncoding, out var choice);
        using var chosen = choice;
        var (status, bytes, isWhole) = refusal is null ? await SendAsync(head, chosen) : await SayAsync(refusal, head);
        _isSending = false;
        _files.Log.FileEnded(head, (_connection.RemoteEndPoint as IPEndPoint)?.Address, began, status, bytes);
        return isWhole;
    }
}
