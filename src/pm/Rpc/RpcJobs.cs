using System.Text.Json;
using Pm.Linux;

namespace Pm.Cli.Rpc;

/// <summary>What is worked on for a client: runs, and commands, of which some wait until others have ended. Each is a child that the thread of the session started.</summary>
sealed class RpcJobs(PmContext context, RpcOutput output) : IDisposable
{
    readonly List<RpcJob> _jobs = [];
    readonly Queue<RpcJob> _waiting = new();
    int _lastRun;

    /// <summary>Nothing is worked on, and nothing waits.</summary>
    public bool AreOver => _jobs.Count == 0 && _waiting.Count == 0;

    /// <summary>Says what is waited for.</summary>
    /// <param name="wait">Where.</param>
    /// <param name="hasRoom">Whether what they say can be taken.</param>
    public void Await(DescriptorWait wait, bool hasRoom) => _jobs.ForEach(j => j.Child!.Await(wait, hasRoom));

    /// <summary>Until the first that is to be ended by force; without end, if none is.</summary>
    public int MillisecondsLeft()
    {
        var ends = _jobs.Where(j => j.Child!.EndAt is not null).Select(j => j.Child!.EndAt!.Value).ToList();
        return ends.Count == 0 ? -1 : (int)Math.Clamp(Math.Ceiling(context.Time.GetElapsedTime(context.Time.GetTimestamp(), ends.Min()).TotalMilliseconds), 100, int.MaxValue);
    }

    /// <summary>Takes what their children have said, ends what is to end, and starts what may start.</summary>
    /// <param name="wait">Where it was waited for.</param>
    /// <param name="chunk">For what is read.</param>
    /// <param name="hasRoom">Whether what they say can be taken.</param>
    /// <param name="endsRuns">The client says no more: what it has running is to end.</param>
    public void Go(DescriptorWait wait, byte[] chunk, Func<bool> hasRoom, bool endsRuns)
    {
        foreach (var job in _jobs.ToArray())
        {
            if (hasRoom())
            {
                job.Child!.Go(wait, chunk);
            }

            if (endsRuns && job.Run is { IsRunning: true })
            {
                job.Child!.AskToEnd(context.Time);
            }

            if (!job.Child!.HasEnded && job.Child.EndAt is { } end && context.Time.GetTimestamp() >= end)
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

    /// <param name="line">The words behind <c>pm</c>.</param>
    /// <param name="target">What is run, or read; null for another command.</param>
    /// <param name="answer">Whom it is told.</param>
    /// <exception cref="RpcException">PM8080: there is too much already.</exception>
    public void Begin(IReadOnlyList<string> line, string? target, RpcAnswer answer)
    {
        if (target is not null && _jobs.Count(j => j.Run is not null) >= RpcLimits.Runs)
        {
            throw Busy($"{RpcLimits.Runs} runs are on", "end one with `stop`");
        }

        if (_waiting.Count >= RpcLimits.Waiting)
        {
            throw Busy($"{RpcLimits.Waiting} requests wait", "wait for answers before asking for more");
        }

        var job = new RpcJob(line, answer) { Run = target is null ? null : new RpcRun(output, answer, ++_lastRun, target) };
        if (job.Run is not null || _jobs.Count(j => j.Run is null) < RpcLimits.Calls)
        {
            Start(job);
        }
        else
        {
            _waiting.Enqueue(job);
        }
    }

    /// <summary>Asks a run to end; that it has is the answer.</summary>
    /// <exception cref="RpcException">PM8082: there is none.</exception>
    public void Stop(int id, RpcAnswer answer)
    {
        var job = _jobs.Find(j => j.Run?.Id == id)
            ?? throw RpcException.Of(new Failure(ExitCode.NotFound, "PM8082", $"there is no run {id}: it ended, or never was", "`runs` lists them"));
        job.Run!.AnswerAtEnd(answer);
        job.Child!.AskToEnd(context.Time);
    }

    /// <summary>Asks what works for a request to end, or takes it from those that wait; whether there is one is the answer.</summary>
    /// <param name="wanted">The id of the request, in JSON.</param>
    /// <param name="answer">Whom it is told.</param>
    public void Cancel(byte[] wanted, RpcAnswer answer)
    {
        var isOn = _jobs.Find(j => IsMeant(j) && j.Run is not { IsRunning: true });
        isOn?.Child!.AskToEnd(context.Time);
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

    /// <summary>Asks all to end, and begins nothing more.</summary>
    public void StopAll()
    {
        _waiting.Clear();
        _jobs.ForEach(j => j.Child!.AskToEnd(context.Time));
    }

    /// <summary>What runs, for who asks.</summary>
    public void WriteRuns(Utf8JsonWriter json)
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

    public void Dispose() => _jobs.ForEach(j => j.Child?.Dispose());

    void Start(RpcJob job)
    {
        try
        {
            var child = RunningChild.Start(new ChildOptions
            {
                FileName = context.ExecutablePath,
                ArgumentZero = Product.Name,
                Arguments = job.Line,
                Environment = context.Environment,
                WorkingDirectory = context.WorkingDirectory,
            });
            IRpcTask task = job.Run is { } run ? run : new RpcCall(output, job.Answer);
            job.Child = new RpcChild(child, task, job.Run is null ? new LineBuffer(RpcLimits.Answer, splits: false) : new LineBuffer(RpcLimits.Event, splits: true));
            _jobs.Add(job);
        }
        catch (SystemCallException e)
        {
            job.Answer.Error(RpcException.Of(ErrorReport.Describe(e)));
        }
    }

    static RpcException Busy(string message, string hint) => RpcException.Of(new Failure(ExitCode.Temporary, "PM8080", message, hint));
}
