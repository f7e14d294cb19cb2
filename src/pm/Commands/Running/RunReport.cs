using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;
using Pm.Linux;

namespace Pm.Cli.Commands.Running;

/// <summary>
/// Tells the program that started <c>pm run</c> or <c>pm logs</c>, on a pipe, that what it asked for runs, or why not: one JSON object a line. Its end without an error behind
/// <c>{"kind":"program"}</c> says that the program has taken pm's place. Source: docs/rpc.md.
/// </summary>
sealed class RunReport : IDisposable
{
    readonly ParentReport _parent;

    RunReport(ParentReport parent) => _parent = parent;

    public static Option<string?> Option() => new("--report-fd") { Description = "tell the program that started pm, on descriptor N, a pipe, when it runs, or why not", HelpName = "N" };

    /// <summary>Runs something and tells what becomes of it.</summary>
    /// <param name="descriptor">What the command line says of the pipe; null: nobody is told.</param>
    /// <param name="run">What is to be run.</param>
    public static async ValueTask<ExitCode> AroundAsync(string? descriptor, Func<RunReport?, ValueTask<ExitCode>> run)
    {
        if (descriptor is null)
        {
            return await run(null);
        }

        using var parent = int.TryParse(descriptor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? ParentReport.TryTake(number) : null;
        using var report = new RunReport(parent ?? throw CommandException.Usage("PM1002", $"--report-fd: expected the number of a pipe that is open for writing, got `{descriptor}`", "see `pm help run`"));
        try
        {
            if (!parent.EndWithParent())
            {
                throw new OperationCanceledException();
            }

            return await run(report);
        }
#pragma warning disable CA1031 // Whatever it is, it is told, and thrown again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report.Failed(ErrorReport.Describe(e));
            throw;
        }
    }

    /// <summary>An object is attached.</summary>
    public void Attached(RunningObject running, IEnumerable<EventSpec> maps) => Write(json =>
    {
        json.WriteString("kind"u8, "object");
        WriteNames(json, "programs", running.Attached.Select(p => p.Name));
        WriteNames(json, "maps", maps.Select(m => m.Map.Name));
        json.WriteStartArray("refused"u8);
        foreach (var error in running.AllRefused)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.ToString());
            json.WriteString("hint"u8, error.Hint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The events of an object are read, which runs on its own.</summary>
    public void Reads(PinnedObject pinned, IEnumerable<MapSpec> maps) => Write(json =>
    {
        json.WriteString("kind"u8, "object");
        json.WriteString("name"u8, $"{pinned.Name}");
        WriteNames(json, "programs", pinned.Record.Programs);
        WriteNames(json, "maps", maps.Select(m => m.Name));
    });

    /// <summary>A program is about to run.</summary>
    public void Program()
    {
        // Asked for by the thread that is about to become the program: what another asked for ends with that.
        _ = _parent.EndWithParent();
        Write(json => json.WriteString("kind"u8, "program"));
    }

    /// <summary>A program runs, beside pm; nothing more is told.</summary>
    public void Started()
    {
        Program();
        _parent.Dispose();
    }

    /// <summary>How many events were dropped up to now.</summary>
    public void Lost(ulong count) => Write(json => json.WriteNumber("lost"u8, count));

    /// <summary>It does not run.</summary>
    public void Failed(Failure failure) => Write(json =>
    {
        json.WriteStartObject("error"u8);
        ErrorReport.WriteMembers(json, failure);
        json.WriteEndObject();
    });

    /// <summary>Nothing more is told.</summary>
    public void Dispose() => _parent.Dispose();

    static void WriteNames(Utf8JsonWriter json, string member, IEnumerable<string> names)
    {
        json.WriteStartArray(member);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    void Write(Action<Utf8JsonWriter> members)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, PlainJsonEncoder.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        if (_parent.IsClosed)
        {
            return;
        }

        line.Write("\n"u8);
        _parent.Write(line.WrittenSpan);
    }
}
