using System.Text;
using System.Text.Json;
using Pm.Linux;

namespace Pm.Cli.Rpc;

/// <summary>
/// Serves one client until it says no more: reads its requests, starts a pm for each, and passes on what those say. One thread waits for all of them: so nothing needs a lock, and a
/// child that is to end with pm ends with this thread. Source: docs/rpc.md, adr/0018.
/// </summary>
sealed class RpcSession : IDisposable
{
    const int ChunkSize = 64 << 10;

    /// <summary>So much a pipe takes at once when it says that it takes something. Source: PIPE_BUF, pipe(7).</summary>
    const int SendSize = 4096;

    readonly PmContext _context;
    readonly int _input;
    readonly int _outputDescriptor;
    readonly DescriptorWait _wait;
    readonly RpcOutput _output = new();
    readonly LineBuffer _requests = new(RpcLimits.Line, splits: false);
    readonly List<RpcJob> _jobs = [];
    readonly Queue<RpcJob> _waiting = new();
    readonly byte[] _chunk = new byte[ChunkSize];
    bool _inputIsOver;
    bool _isCancelled;
    int _lastRun;

    /// <param name="context">The world; its terminal is the client.</param>
    /// <param name="input">The descriptor of its input; less than 0: it never has to be waited for.</param>
    /// <param name="output">That of its output.</param>
    public RpcSession(PmContext context, int input, int output)
    {
        (_context, _input, _outputDescriptor) = (context, input, output);
        _wait = new DescriptorWait(context.Cancellation);
    }

    bool HasRoom => _output.Held.Length < RpcLimits.Held;

    /// <summary>Ends when the client has said all, what it asked for is done, and its runs have ended.</summary>
    public ExitCode Run()
    {
        while (!_inputIsOver || _jobs.Count > 0 || _waiting.Count > 0 || !_output.Held.IsEmpty)
        {
            Turn();
        }

        return _isCancelled ? ExitCode.Interrupted : ExitCode.Ok;
    }

    public void Dispose()
    {
        _jobs.ForEach(j => j.Child?.Dispose());
        _wait.Dispose();
        _output.Dispose();
    }

    void Turn()
    {
        _wait.Begin(wakes: !_isCancelled);
        var input = _inputIsOver ? _wait.Read(-1) : HasRoom ? _wait.Read(_input) : _wait.End(_input);
        var output = _output.IsGone ? _wait.Read(-1) : _output.Held.IsEmpty ? _wait.End(_outputDescriptor) : _wait.Write(_outputDescriptor);
        _jobs.ForEach(j => j.Child!.Await(_wait, HasRoom));
        _wait.Wait(Milliseconds());

        if (_context.Cancellation.IsCancellationRequested && !_isCancelled)
        {
            _isCancelled = _inputIsOver = true;
            StopAll();
        }

        Send(output);
        if (!_inputIsOver && (HasRoom ? _input < 0 || _wait.IsReady(input) : _wait.IsBroken(input)))
        {
            ReadRequests();
        }

        TurnJobs();
    }

    void TurnJobs()
    {
        foreach (var job in _jobs.ToArray())
        {
            if (HasRoom)
            {
                job.Child!.Go(_wait, _chunk);
            }

            if (_inputIsOver && job.Run is { IsRunning: true })
            {
                job.Child!.AskToEnd(_context.Time);
            }

            if (!job.Child!.HasEnded && job.Child.EndAt is { } end && _context.Time.GetTimestamp() >= end)
            {
                job.Child.Kill();
            }
        }

        foreach (var ended in _jobs.Where(j => j.Child!.HasEnded).ToArray())
        {
            _jobs.Remove(ended);
            ended.Child!.Dispose();
        }

        while (_waiting.Count > 0 && _jobs.Count(j => j.Run is null) < RpcLimits.Calls)
        {
            Start(_waiting.Dequeue());
        }
    }

    /// <summary>Until the first that is to be ended by force; without end, if none is.</summary>
    int Milliseconds()
    {
        if (_input < 0 && !_inputIsOver && HasRoom || (_outputDescriptor < 0 && !_output.Held.IsEmpty))
        {
            return 0;
        }

        var ends = _jobs.Where(j => j.Child!.EndAt is not null).Select(j => j.Child!.EndAt!.Value).ToList();
        return ends.Count == 0 ? -1 : (int)Math.Clamp(Math.Ceiling(_context.Time.GetElapsedTime(_context.Time.GetTimestamp(), ends.Min()).TotalMilliseconds), 100, int.MaxValue);
    }

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
            }
        }
        catch (SystemCallException e) when (e.Errno == Errno.EPIPE)
        {
            // The client is gone: what it asked for ends, and nobody is told.
            _output.IsGone = _inputIsOver = true;
            _output.Sent(_output.Held.Length);
            StopAll();
        }
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
            Take(_requests.Rest, isTooLong: false);
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
                Stop(RunOf(parameters), answer);
                break;
            case "runs":
                parameters.RefuseOthers();
                answer.Result(WriteRuns);
                break;
            case "cancel":
                Cancel(parameters, answer);
                break;
            default:
                var line = RpcCommands.LineOf(request.Method, parameters)
                    ?? throw new RpcException(RpcException.MethodNotFound, $"there is no method `{Output.Hostile.OneLine(request.Method)}`: `pm help rpc` lists them");
                Begin(line, RpcCommands.TargetOf(request.Method, parameters), answer);
                break;
        }
    }

    /// <param name="line">The words behind <c>pm</c>.</param>
    /// <param name="target">What is run, or read; null for another command.</param>
    /// <param name="answer">Whom it is told.</param>
    void Begin(IReadOnlyList<string> line, string? target, RpcAnswer answer)
    {
        if (target is not null && _jobs.Count(j => j.Run is not null) >= RpcLimits.Runs)
        {
            throw Busy($"{RpcLimits.Runs} runs are on", "end one with `stop`");
        }

        if (_waiting.Count >= RpcLimits.Waiting)
        {
            throw Busy($"{RpcLimits.Waiting} requests wait", "wait for answers before asking for more");
        }

        var job = new RpcJob(line, answer) { Run = target is null ? null : new RpcRun(_output, answer, ++_lastRun, target) };
        if (job.Run is not null || _jobs.Count(j => j.Run is null) < RpcLimits.Calls)
        {
            Start(job);
        }
        else
        {
            _waiting.Enqueue(job);
        }
    }

    void Start(RpcJob job)
    {
        try
        {
            var child = RunningChild.Start(new ChildOptions
            {
                FileName = _context.ExecutablePath,
                ArgumentZero = Product.Name,
                Arguments = job.Line,
                Environment = _context.Environment,
                WorkingDirectory = _context.WorkingDirectory,
            });
            IRpcTask task = job.Run is { } run ? run : new RpcCall(_output, job.Answer);
            job.Child = new RpcChild(child, task, job.Run is null ? new LineBuffer(RpcLimits.Answer, splits: false) : new LineBuffer(RpcLimits.Event, splits: true));
            _jobs.Add(job);
        }
        catch (SystemCallException e)
        {
            job.Answer.Error(RpcException.Of(ErrorReport.Describe(e)));
        }
    }

    void Stop(RpcJob job, RpcAnswer answer)
    {
        job.Run!.AnswerAtEnd(answer);
        job.Child!.AskToEnd(_context.Time);
    }

    /// <exception cref="RpcException">PM8082: there is none.</exception>
    RpcJob RunOf(RpcParameters parameters)
    {
        var id = parameters.Number("id") ?? throw new RpcException(RpcException.InvalidParameters, "parameter `id`: expected the number of a run");
        parameters.RefuseOthers();
        return _jobs.Find(j => j.Run?.Id == id)
            ?? throw RpcException.Of(new Failure(ExitCode.NotFound, "PM8082", $"there is no run {id}: it ended, or never was", "`runs` lists them"));
    }

    void Cancel(RpcParameters parameters, RpcAnswer answer)
    {
        var wanted = Encoding.UTF8.GetBytes(parameters.RawId("request"));
        parameters.RefuseOthers();
        var isOn = _jobs.Find(j => IsMeant(j) && j.Run is not { IsRunning: true });
        isOn?.Child!.AskToEnd(_context.Time);
        for (var left = _waiting.Count; left > 0; left--)
        {
            var job = _waiting.Dequeue();
            if (IsMeant(job))
            {
                isOn = job;
                job.Answer.Error(RpcException.Of(ErrorReport.Describe(new OperationCanceledException())));
            }
            else
            {
                _waiting.Enqueue(job);
            }
        }

        answer.Result(json => json.WriteBooleanValue(isOn is not null));

        bool IsMeant(RpcJob job) => job.Answer.Id is { } id && id.AsSpan().SequenceEqual(wanted);
    }

    void StopAll()
    {
        _waiting.Clear();
        _jobs.ForEach(j => j.Child!.AskToEnd(_context.Time));
    }

    void WriteRuns(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var run in _jobs.Select(j => j.Run).OfType<RpcRun>().Where(r => r.IsRunning))
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, run.Id);
            json.WriteString("target"u8, run.Target);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static RpcException Busy(string message, string hint) => RpcException.Of(new Failure(ExitCode.Temporary, "PM8080", message, hint));
}
