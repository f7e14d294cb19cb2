using System.Text.Json;

namespace Pm.Cli.Output;

/// <summary>Shows how far a long operation is: one redrawn line on a terminal, a plain line every five seconds elsewhere.</summary>
/// <remarks>Reports may come from any thread. Draws by a timer, so that a phase in which nothing arrives is not silent.</remarks>
sealed class Progress : IDisposable
{
    /// <summary>More are not in hand at a time; of what came one after the other, the older are over.</summary>
    const int MostItems = 64;

    const double LongestLeft = 24 * 60 * 60;

    static readonly TimeSpan RedrawPeriod = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PlainPeriod = TimeSpan.FromSeconds(5);
    static readonly TimeSpan EventPeriod = TimeSpan.FromSeconds(1);

    readonly Lock _drawing = new();
    readonly PmContext _context;
    readonly string _what;
    readonly long _started;
    readonly ITimer? _timer;
    readonly Action? _draw;
    readonly List<string> _items = [];
    long _done;
    long _total;
    bool _isOver;

    /// <param name="context">Decides the form: <c>--progress</c>, <c>--quiet</c>, and whether standard error is a terminal.</param>
    /// <param name="what">A verb: <c>fetching</c>.</param>
    /// <param name="total">The amount in bytes, or 0 when it is not known.</param>
    public Progress(PmContext context, string what, long total = 0)
    {
        _context = context;
        _what = what;
        _total = total;
        _started = context.Time.GetTimestamp();
        var isRedrawn = context.Settings.Progress == ProgressStyle.Auto && context.Terminal.TalkIsTerminal;
        (_draw, var period) = context.Settings switch
        {
            { Progress: ProgressStyle.None } or { Quiet: true } => ((Action?)null, TimeSpan.Zero),
            { Progress: ProgressStyle.Json } => (SayEvent, EventPeriod),
            _ when isRedrawn => (Redraw, RedrawPeriod),
            _ => (SayLine, PlainPeriod),
        };
        _timer = _draw is null ? null : context.Time.CreateTimer(_ => Draw(), null, period, period);
    }

    /// <summary>The amount in bytes; 0 when it is not known.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>The amount is larger by <paramref name="bytes"/>, or smaller.</summary>
    public void Expect(long bytes) => Interlocked.Add(ref _total, bytes);

    /// <summary>Counts <paramref name="bytes"/> more as done.</summary>
    public void Advance(long bytes) => Interlocked.Add(ref _done, bytes);

    /// <summary>Names the thing in hand: a file, a package. Of several, the last is shown.</summary>
    public void Describe(string item)
    {
        lock (_items)
        {
            if (_items.Count == MostItems)
            {
                _items.RemoveAt(0);
            }

            _items.Add(Hostile.OneLine(item));
        }
    }

    /// <summary>It is in hand no more: another of those that are is shown.</summary>
    public void Forget(string item)
    {
        lock (_items)
        {
            _items.Remove(Hostile.OneLine(item));
        }
    }

    /// <summary>Takes the line away; as events, says that this is the end. Once.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_drawing)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        if (_draw == Redraw)
        {
            _context.Terminal.Status(null);
        }
        else if (_draw == SayEvent)
        {
            SayEvent("end");
        }
    }

    // A timer that is disposed may have one call under way.
    void Draw()
    {
        lock (_drawing)
        {
            if (!_isOver)
            {
                _draw!();
            }
        }
    }

    void Redraw()
    {
        var line = Line();
        var room = _context.Terminal.Width - 1;
        _context.Terminal.Status(line.Length > room ? line[..room] : line);
    }

    void SayLine() => _context.Terminal.Say(Line());

    string Line()
    {
        var (done, total, rate, left) = Measure();
        var amount = total > 0 ? $"{ByteSize.Text(done)} of {ByteSize.Text(total)}" : ByteSize.Text(done);
        var speed = rate > 0 ? $", {ByteSize.Text((long)rate)}/s" : "";
        var rest = left is { } time ? $", {ByteSize.Text(time)} left" : "";
        var item = Item();
        return $"{_what} {amount}{speed}{rest}{(item.Length > 0 ? "  " + item : "")}";
    }

    string Item()
    {
        lock (_items)
        {
            return _items.Count > 0 ? _items[^1] : "";
        }
    }

    void SayEvent() => SayEvent("progress");

    /// <summary>One JSON document a line on standard error: standard output belongs to the result.</summary>
    void SayEvent(string name)
    {
        var (done, total, rate, left) = Measure();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, PlainJsonEncoder.Options))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, name);
            json.WriteString("what"u8, _what);
            json.WriteString("item"u8, Item());
            json.WriteNumber("done"u8, done);
            json.WriteNumber("total"u8, total);
            json.WriteNumber("rate"u8, (long)rate);
            if (left is { } time)
            {
                json.WriteNumber("left"u8, (long)time.TotalSeconds);
            }

            json.WriteEndObject();
        }

        _context.Terminal.Say(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    /// <summary>Bytes done, bytes in all, bytes a second since the start, and the time left at that rate.</summary>
    (long Done, long Total, double Rate, TimeSpan? Left) Measure()
    {
        var done = Interlocked.Read(ref _done);
        var seconds = _context.Time.GetElapsedTime(_started).TotalSeconds;
        var rate = seconds > 0 ? done / seconds : 0;
        TimeSpan? left = rate > 0 && Total > done ? TimeSpan.FromSeconds(Math.Min((Total - done) / rate, LongestLeft)) : null;
        return (done, Total, rate, left);
    }
}
