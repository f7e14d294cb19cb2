using System.Diagnostics;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>A pm of its own that runs an object until it is interrupted.</summary>
sealed class ObjectProcess : IDisposable
{
    readonly Process _process;
    readonly List<string> _said = [];

    /// <param name="before">Words of a program that starts pm.</param>
    /// <param name="words">For pm.</param>
    /// <param name="environment">All that it is given besides PATH.</param>
    public ObjectProcess(string[] before, string[] words, IReadOnlyDictionary<string, string> environment)
    {
        string[] line = [.. before, Path.Join(AppContext.BaseDirectory, "pm"), .. words];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>All that it said up to now.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>Skips the test where this process may not load what it is about.</summary>
    public static void RequireKernel()
    {
        var kernel = new KernelProbe();
        Assert.SkipUnless(kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {kernel.Capabilities})");
        Assert.SkipUnless(kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
    }

    /// <summary>Whether it got so far that its programs are attached; else it has ended.</summary>
    public bool IsAttached()
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            _said.Add(line);
            if (line.EndsWith(" attached", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads what it prints up to a line that holds this.</summary>
    public string Await(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"it ended without a word of {text}: {Said}\n{_process.StandardError.ReadToEnd()}");
    }

    /// <summary>As a person ends it.</summary>
    /// <returns>What it says then: 0 where all is well.</returns>
    public int Interrupt()
    {
        Process.Start("kill", ["-INT", $"{_process.Id}"]).WaitForExit();
        _process.StandardOutput.ReadToEnd();
        _said.Add(_process.StandardError.ReadToEnd());
        _process.WaitForExit();
        return _process.ExitCode;
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
}
