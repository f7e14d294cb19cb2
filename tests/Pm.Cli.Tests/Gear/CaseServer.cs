using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Pm.Cli.Tests.Gear;

/// <summary>A server that runs beside the steps of a case, a process of its own: from an <c>&amp;</c> line to <c>&amp; stop</c> or the end.</summary>
sealed class CaseServer : IDisposable
{
    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly Process _process;
    readonly Task<string> _output;

    CaseServer(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The environment that a framework-dependent program needs beside that of the case.</summary>
    static string Framework { get; } = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>Where it listens; null: it ended before it did.</summary>
    public string? Address { get; private set; }

    /// <summary>Returns when it listens, with what it said until then.</summary>
    public static async Task<(CaseServer Server, StepResult Result)> StartAsync(
        string file, IEnumerable<string> arguments, Sandbox sandbox, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = sandbox.Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["DOTNET_ROOT"] = Framework;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new CaseServer(Process.Start(start)!);
        var talk = new StringBuilder();
        while (server.Address is null && await server._process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            talk.Append(line).Append('\n');
            server.Address = line.IndexOf(" at http", StringComparison.Ordinal) is >= 0 and var at ? line[(at + " at ".Length)..] : null;
        }

        return (server, server.Address is null ? await server.EndAsync(talk) : new StepResult(0, [], talk.ToString()));
    }

    /// <summary>Tells it to stop; what it gave since it began to listen.</summary>
    public async Task<StepResult> StopAsync()
    {
        _ = ProcessRun.Run("/bin/sh", ["-c", $"kill -TERM {_process.Id}"], "/", new Dictionary<string, string>(), null);
        return await EndAsync(new StringBuilder());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    async Task<StepResult> EndAsync(StringBuilder talk)
    {
        talk.Append(await _process.StandardError.ReadToEndAsync().WaitAsync(Patience));
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new StepResult(_process.ExitCode, Encoding.UTF8.GetBytes(await _output), talk.ToString());
    }
}
