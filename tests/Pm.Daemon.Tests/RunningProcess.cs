using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pm.Daemon.Tests;

/// <summary>pmd as a process of its own, that a test signals.</summary>
sealed class RunningProcess : IAsyncDisposable
{
    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Who runs the tests in the background of a shell, or by nohup, ignores signals, and so would what they start.</summary>
    const string WithSignals = "if env --default-signal=HUP true 2>/dev/null; then exec env --default-signal=HUP,INT,TERM \"$@\"; else exec \"$@\"; fi";

    static readonly string Daemon = Path.Join(AppContext.BaseDirectory, "pmd");

    readonly Process _process;

    RunningProcess(Process process) => _process = process;

    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Returns when it listens.</summary>
    /// <param name="limit">As <c>ulimit -n</c> takes it, or null.</param>
    /// <param name="arguments">But where to listen.</param>
    public static async Task<RunningProcess> StartAsync(int? limit, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{(limit is { } most ? $"ulimit -n {most}; " : "")}{WithSignals}");
        foreach (var argument in (string[])["pmd", Daemon, "--listen", "127.0.0.1:0", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        var process = new RunningProcess(Process.Start(start)!);
        var line = await process.SaysAsync(" at http://");
        process.Address = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]);
        return process;
    }

    /// <summary>Reads on in what it says, up to a line with these words.</summary>
    public async Task<string> SaysAsync(string words)
    {
        while (await _process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"it ended without saying `{words}`");
    }

    /// <param name="signal">As kill(1) has it: <c>HUP</c>.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>What it ends with; 128 and the signal where one ended it.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
