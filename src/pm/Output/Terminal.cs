using System.Buffers;
using System.Text;
using Pm.Linux;

namespace Pm.Cli.Output;

/// <summary>Where a command's words go: data to standard output, everything else to standard error.</summary>
sealed class Terminal
{
    const int DefaultWidth = 80;
    const int MaximalWidth = 1000;
    const int MostHeld = 16 * 1024;
    const string ClearLine = "\r\e[K";

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    readonly Lock _gate = new();
    readonly ArrayBufferWriter<byte> _held = new();
    readonly Stream _talk;
    readonly PatientStream? _patient;
    readonly IReadOnlyDictionary<string, string> _environment;
    string? _status;

    public Terminal(Stream output, Stream talk, Stream input, IReadOnlyDictionary<string, string> environment)
    {
        Output = new CountingStream(output);
        _patient = output as PatientStream;
        _talk = talk;
        Input = input;
        _environment = environment;
    }

    public required bool OutputIsTerminal { get; init; }

    public required bool TalkIsTerminal { get; init; }

    public required bool InputIsTerminal { get; init; }

    /// <summary>In columns.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Keeps what is typed from being shown until the result is disposed; gives null where nothing is shown.</summary>
    public Func<IDisposable?> HideTyping { get; init; } = () => null;

    /// <summary>The value of <c>--color</c>, set once when the command line is read.</summary>
    public ColorChoice Color { get; set; }

    /// <summary>Set by <c>--quiet</c>: notes are not shown, errors are.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Standard output as bytes. Flush what was written as text first: <see cref="Flush"/>.</summary>
    public Stream Output { get; }

    public Stream Input { get; }

    /// <summary>Whether anything has reached standard output.</summary>
    public bool HasData => ((CountingStream)Output).Count > 0;

    public Paint DataPaint => new(IsColored(OutputIsTerminal));

    public Paint TalkPaint => new(IsColored(TalkIsTerminal));

    /// <summary>The terminal of this process.</summary>
    /// <param name="environment">Its variables.</param>
    /// <param name="stop">Ends a read that waits for a person or a pipe.</param>
    public static Terminal OfProcess(IReadOnlyDictionary<string, string> environment, CancellationToken stop) =>
        new(new PatientStream(StandardStream.Output, TimeProvider.System), StandardStream.Error, new InterruptibleInputStream(stop), environment)
        {
            InputIsTerminal = TerminalDevice.IsTerminal(0),
            HideTyping = () => TerminalDevice.HideTyping(0),
            OutputIsTerminal = TerminalDevice.IsTerminal(1),
            TalkIsTerminal = TerminalDevice.IsTerminal(2),
            Width = Math.Min(TerminalDevice.Width(1) ?? TerminalDevice.Width(2) ?? DefaultWidth, MaximalWidth),
        };

    /// <summary>A line of the command's result.</summary>
    public void Data(string line)
    {
        lock (_gate)
        {
            EraseStatus(OutputIsTerminal);
            _ = Utf8.GetBytes(line, _held);
            _held.Write("\n"u8);
            if (OutputIsTerminal || _held.WrittenCount >= MostHeld)
            {
                Send();
            }
        }
    }

    /// <summary>A line for the person, not for the pipe, whatever <c>--quiet</c> says: errors and questions.</summary>
    public void Say(string line)
    {
        lock (_gate)
        {
            FlushBeforeTalk();
            Write(_status is null ? line + "\n" : $"{ClearLine}{line}\n{_status}");
        }
    }

    /// <summary>A line for the person that <c>--quiet</c> leaves out.</summary>
    public void Note(string line)
    {
        if (!IsQuiet)
        {
            Say(line);
        }
    }

    /// <summary>Words without a newline: a question.</summary>
    public void Ask(string question)
    {
        lock (_gate)
        {
            EraseStatus(TalkIsTerminal);
            FlushBeforeTalk();
            Write(question);
        }
    }

    /// <summary>The line that stays at the bottom of a terminal while something runs; null takes it away.</summary>
    public void Status(string? line)
    {
        lock (_gate)
        {
            if (line != _status)
            {
                Write(line is null ? ClearLine : ClearLine + line);
                _status = line;
            }
        }
    }

    /// <summary>One line from standard input, or null at its end.</summary>
    public string? ReadLine()
    {
        const int limit = 64 * 1024;
        var bytes = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        while (bytes.Count < limit && Input.Read(one) == 1)
        {
            if (one[0] == '\n')
            {
                return Utf8.GetString([.. bytes]);
            }

            bytes.Add(one[0]);
        }

        return bytes.Count == 0 ? null : Utf8.GetString([.. bytes]);
    }

    /// <summary>Whether nobody can read any more what goes to standard output.</summary>
    public bool IsReaderGone => _patient is not null && ReadyOutput.IsBroken;

    /// <summary>Whether the reader of standard output has not taken all that was written.</summary>
    public bool IsReaderBehind => _patient is { IsBehind: true };

    /// <summary>From now on the reader of standard output is waited for only as long as somebody says, until <see cref="Finish"/>.</summary>
    /// <param name="mayWait">Asked again and again, with the time since something was taken.</param>
    public void Await(Func<TimeSpan, bool> mayWait) => _patient?.Await(mayWait);

    /// <summary>Sends what waits for its reader, as long as it may wait for him.</summary>
    /// <returns>Bytes that were left out, as nobody took them.</returns>
    public long Finish() => _patient?.Finish() ?? 0;

    /// <summary>Sends on what is held back.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            Send();
        }
    }

    /// <summary>Sources: no-color.org, bixense.com/clicolors.</summary>
    bool IsColored(bool isTerminal) => Color switch
    {
        ColorChoice.Always => true,
        ColorChoice.Never => false,
        _ when Has("NO_COLOR") => false,
        _ when Has("CLICOLOR_FORCE") && _environment["CLICOLOR_FORCE"] != "0" => true,
        _ => isTerminal && !(_environment.TryGetValue("TERM", out var term) && term == "dumb"),
    };

    bool Has(string variable) => _environment.TryGetValue(variable, out var value) && value.Length > 0;

    // On one screen both streams are read in the order in which they were written.
    void FlushBeforeTalk()
    {
        if (OutputIsTerminal && TalkIsTerminal)
        {
            Send();
        }
    }

    void Send()
    {
        if (_held.WrittenCount > 0)
        {
            Output.Write(_held.WrittenSpan);
            _held.ResetWrittenCount();
        }
    }

    void EraseStatus(bool sharesScreen)
    {
        if (sharesScreen && _status is not null)
        {
            Write(ClearLine);
            _status = null;
        }
    }

    void Write(string text) => _talk.Write(Utf8.GetBytes(text));
}
