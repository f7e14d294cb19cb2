using Pm.Linux;

namespace Pm.Cli.Rpc;

/// <summary>A pm that works for a request, and what it says, taken in pieces as they come.</summary>
sealed class RpcChild : IDisposable
{
    const int ChunkSize = 64 << 10;

    /// <summary>More than what a pipe holds, and an end: who ended writes no more, but another that has the pipe might.</summary>
    const int ChunksAtEnd = 64;

    readonly RunningChild _child;
    readonly IRpcTask _task;
    readonly LineBuffer _output;
    readonly LineBuffer _talk = new(RpcLimits.Event, splits: true);
    readonly LineBuffer _report = new(RpcLimits.Event, splits: false);
    bool _outputIsOver;
    bool _talkIsOver;
    bool _reportIsOver;
    int _outputPlace = -1;
    int _talkPlace = -1;
    int _reportPlace = -1;
    int _endPlace = -1;

    public RpcChild(RunningChild child, IRpcTask task, LineBuffer output) => (_child, _task, _output) = (child, task, output);

    /// <summary>When it is ended by force; null: it was not asked to end.</summary>
    public long? EndAt { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>Says what is waited for.</summary>
    /// <param name="wait">Where.</param>
    /// <param name="hasRoom">Whether what it says can be taken.</param>
    public void Await(DescriptorWait wait, bool hasRoom)
    {
        _reportPlace = wait.Read(_reportIsOver || !hasRoom ? -1 : Number(_child.Report));
        _talkPlace = wait.Read(_talkIsOver || !hasRoom ? -1 : Number(_child.Error));
        _outputPlace = wait.Read(_outputIsOver || !hasRoom || !_task.TakesOutput ? -1 : Number(_child.Output));
        _endPlace = wait.Read(hasRoom ? _child.Descriptor : -1);
    }

    /// <summary>Takes what has come, and its end.</summary>
    public void Go(DescriptorWait wait, byte[] chunk)
    {
        if (wait.IsReady(_reportPlace))
        {
            ReadReport(chunk);
        }

        if (wait.IsReady(_talkPlace))
        {
            ReadTalk(chunk);
        }

        if (wait.IsReady(_outputPlace) && _task.TakesOutput)
        {
            ReadOutput(chunk);
        }

        if (wait.IsReady(_endPlace))
        {
            Finish(chunk);
        }
    }

    /// <summary>Asks it to end, once.</summary>
    /// <param name="now">In the time of the session.</param>
    public void AskToEnd(TimeProvider now)
    {
        if (EndAt is null)
        {
            EndAt = now.GetTimestamp() + (long)(_task.Grace.TotalSeconds * now.TimestampFrequency);
            _child.Send(RunningChild.Interrupt);
        }
    }

    /// <summary>Ends it.</summary>
    public void Kill() => _child.Send(RunningChild.Kill);

    public void Dispose() => _child.Dispose();

    void Finish(byte[] chunk)
    {
        var code = _child.Reap();
        for (var i = 0; i < ChunksAtEnd && !_reportIsOver && ReadReport(chunk); i++)
        {
        }

        if (!_reportIsOver)
        {
            _reportIsOver = true;
            _task.EndReport();
        }

        for (var i = 0; i < ChunksAtEnd && !_talkIsOver && ReadTalk(chunk); i++)
        {
        }

        for (var i = 0; i < ChunksAtEnd && !_outputIsOver && ReadOutput(chunk); i++)
        {
        }

        if (!_talk.Rest.IsEmpty)
        {
            _task.TakeTalk(_talk.Rest);
        }

        if (!_output.Rest.IsEmpty)
        {
            _task.TakeOutput(_output.Rest, isTooLong: false);
        }

        HasEnded = true;
        _task.End(code, EndAt is not null);
    }

    /// <returns>Whether there was something.</returns>
    bool ReadReport(byte[] chunk)
    {
        if (!Read(_child.Report, _report, chunk, ref _reportIsOver))
        {
            return false;
        }

        while (_report.TryTake(out var line, out _))
        {
            _task.TakeReport(line);
        }

        if (_reportIsOver)
        {
            _task.EndReport();
        }

        return true;
    }

    bool ReadTalk(byte[] chunk)
    {
        if (!Read(_child.Error, _talk, chunk, ref _talkIsOver))
        {
            return false;
        }

        while (_talk.TryTake(out var line, out _))
        {
            _task.TakeTalk(line);
        }

        return true;
    }

    bool ReadOutput(byte[] chunk)
    {
        if (!Read(_child.Output, _output, chunk, ref _outputIsOver))
        {
            return false;
        }

        while (_output.TryTake(out var line, out var isTooLong))
        {
            _task.TakeOutput(line, isTooLong);
        }

        return true;
    }

    static bool Read(Pipe pipe, LineBuffer lines, byte[] chunk, ref bool isOver)
    {
        var count = pipe.Read(chunk.AsSpan(0, ChunkSize));
        isOver = count == 0;
        lines.Append(chunk.AsSpan(0, count.GetValueOrDefault()));
        return count is not null;
    }

    static int Number(Pipe pipe) => (int)pipe.Own.DangerousGetHandle();
}
