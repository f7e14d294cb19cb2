using System.Text;
using Pm.Linux;

namespace Pm.Cli.Rpc;

/// <summary>
/// Serves one client until it says no more: reads its requests, has a pm started for each (<see cref="RpcJobs"/>), and sends what those say. One thread waits for all of them: so nothing needs a lock, and a
/// child that is to end with pm ends with this thread. Source: docs/rpc.md, adr/0018.
/// </summary>
sealed class RpcSession : IDisposable
{
    const int ChunkSize = 64 << 10;

    /// <summary>So much a pipe takes at once when it says that it takes something. Source: PIPE_BUF, pipe(7).</summary>
    const int SendSize = 4096;

    /// <summary>Milliseconds between two looks at a client that reads nothing.</summary>
    const int ClientTurn = 100;

    readonly PmContext _context;
    readonly int _input;
    readonly int _outputDescriptor;
    readonly DescriptorWait _wait;
    readonly RpcOutput _output = new();
    readonly LineBuffer _requests = new(RpcLimits.Line, splits: false);
    readonly RpcJobs _jobs;
    readonly byte[] _chunk = new byte[ChunkSize];
    bool _inputIsOver;
    bool _isCancelled;
    long _taken;

    /// <param name="context">The world; its terminal is the client.</param>
    /// <param name="input">The descriptor of its input; less than 0: it never has to be waited for.</param>
    /// <param name="output">That of its output.</param>
    public RpcSession(PmContext context, int input, int output)
    {
        (_context, _input, _outputDescriptor) = (context, input, output);
        (_wait, _jobs) = (new DescriptorWait(context.Cancellation), new RpcJobs(context, _output));
    }

    bool HasRoom => _output.Held.Length < RpcLimits.Held;

    /// <summary>Ends when the client has said all, what it asked for is done, and its runs have ended.</summary>
    public ExitCode Run()
    {
        while (!_inputIsOver || !_jobs.AreOver || !_output.Held.IsEmpty)
        {
            Turn();
        }

        return _isCancelled ? ExitCode.Interrupted : ExitCode.Ok;
    }

    public void Dispose()
    {
        _jobs.Dispose();
        _wait.Dispose();
        _output.Dispose();
    }

    void Turn()
    {
        _wait.Begin(wakes: !_isCancelled);
        var input = _inputIsOver ? _wait.Read(-1) : HasRoom ? _wait.Read(_input) : _wait.End(_input);
        var output = _output.IsGone ? _wait.Read(-1) : _output.Held.IsEmpty ? _wait.End(_outputDescriptor) : _wait.Write(_outputDescriptor);
        _jobs.Await(_wait, HasRoom);
        _wait.Wait(Milliseconds());

        if (_context.Cancellation.IsCancellationRequested && !_isCancelled)
        {
            _isCancelled = _inputIsOver = true;
            _jobs.StopAll();
            _taken = _context.Time.GetTimestamp();
        }

        Send(output);
        if (_isCancelled && !_output.Held.IsEmpty && _context.Time.GetElapsedTime(_taken) >= RpcLimits.ClientGrace)
        {
            GiveUp();
        }

        if (!_inputIsOver && (HasRoom ? _input < 0 || _wait.IsReady(input) : _wait.IsBroken(input)))
        {
            ReadRequests();
        }

        _jobs.Go(_wait, _chunk, () => HasRoom, endsRuns: _inputIsOver);
    }

    int Milliseconds() => _input < 0 && !_inputIsOver && HasRoom || (_outputDescriptor < 0 && !_output.Held.IsEmpty) ? 0
        : !_isCancelled || _output.Held.IsEmpty ? _jobs.MillisecondsLeft()
        : _jobs.MillisecondsLeft() is >= 0 and var left ? Math.Min(left, ClientTurn) : ClientTurn;

    void Send(int place)
    {
        try
        {
            if (_outputDescriptor >= 0 && _wait.IsBroken(place) && _output.Held.IsEmpty)
            {
                throw new SystemCallException("write", Errno.EPIPE, "standard output");
            }

            if (!_output.Held.IsEmpty && (_outputDescriptor < 0 || _wait.IsReady(place)))
            {
                var part = _outputDescriptor < 0 ? _output.Held : _output.Held[..Math.Min(SendSize, _output.Held.Length)];
                _context.Terminal.Output.Write(part);
                _output.Sent(part.Length);
                _taken = _context.Time.GetTimestamp();
            }
        }
        catch (SystemCallException e) when (e.Errno == Errno.EPIPE)
        {
            GiveUp();
        }
    }

    /// <summary>The client is gone, or reads nothing while pm is to end: what it asked for ends, and nobody is told.</summary>
    void GiveUp()
    {
        _output.IsGone = _inputIsOver = true;
        _output.Sent(_output.Held.Length);
        _jobs.StopAll();
    }

    void ReadRequests()
    {
        int count;
        try
        {
            count = _context.Terminal.Input.Read(_chunk);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _requests.Append(_chunk.AsSpan(0, count));
        while (_requests.TryTake(out var line, out var isTooLong))
        {
            Take(line, isTooLong);
        }

        if (count == 0)
        {
            _inputIsOver = true;
            var rest = _requests.TakeRest(out var isTooLong);
            Take(rest, isTooLong);
        }
    }

    void Take(ReadOnlySpan<byte> line, bool isTooLong)
    {
        if (line.Trim(" \t\r"u8).IsEmpty && !isTooLong)
        {
            return;
        }

        var isBatch = false;
        var requests = isTooLong ? [RpcRequestReader.TooLong()] : RpcRequestReader.Read(line.ToArray(), out isBatch);
        var batch = isBatch ? new RpcBatch(_output, requests.Count) : null;
        for (var i = 0; i < requests.Count; i++)
        {
            var answer = new RpcAnswer(_output, requests[i].Id, batch, i);
            try
            {
                Answer(requests[i], answer);
            }
            catch (RpcException e)
            {
                answer.Error(e);
            }
        }
    }

    /// <exception cref="RpcException">It is refused.</exception>
    void Answer(RpcRequest request, RpcAnswer answer)
    {
        if (request.Fault is not null)
        {
            throw request.Fault;
        }

        var parameters = new RpcParameters(request.Parameters);
        switch (request.Method)
        {
            case "stop" when parameters.Has("id"):
                _jobs.Stop(RunOf(parameters), answer);
                break;
            case "runs":
                parameters.RefuseOthers();
                answer.Result(_jobs.WriteRuns);
                break;
            case "cancel":
                var wanted = Encoding.UTF8.GetBytes(parameters.RawId("request"));
                parameters.RefuseOthers();
                _jobs.Cancel(wanted, answer);
                break;
            default:
                var line = RpcCommands.LineOf(request.Method, parameters)
                    ?? throw new RpcException(RpcException.MethodNotFound, $"there is no method `{Output.Hostile.OneLine(request.Method)}`: `pm help rpc` lists them");
                _jobs.Begin(line, RpcCommands.TargetOf(request.Method, parameters), answer);
                break;
        }
    }

    static int RunOf(RpcParameters parameters)
    {
        var id = parameters.Number("id") ?? throw new RpcException(RpcException.InvalidParameters, "parameter `id`: expected the number of a run");
        parameters.RefuseOthers();
        return id;
    }
}
