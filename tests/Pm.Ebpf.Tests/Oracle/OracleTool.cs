using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pm.Ebpf.Tests.Oracle;

/// <summary>A tool of Debian's libbpf-tools, running; its lines as it writes them.</summary>
sealed class OracleTool : IDisposable
{
    static readonly string[] Folders = ["/usr/sbin/", "/usr/bin/"];

    readonly Process _process;
    readonly ConcurrentQueue<string> _lines = new();

    OracleTool(Process process) => _process = process;

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Where the tool is; null where it, or what makes it write line by line, is not installed.</summary>
    public static string? Find(string tool) => Folders.Select(d => d + tool).FirstOrDefault(File.Exists) is { } path && File.Exists("/usr/bin/stdbuf") && File.Exists("/usr/bin/unshare") ? path : null;

    public static OracleTool Start(string path, params string[] arguments)
    {
        // Some of them look for tracepoints below debugfs, which need not be mounted; nobody else sees that it is.
        const string inOwnView = "mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null; exec stdbuf -oL \"$@\"";
        var start = new ProcessStartInfo("/usr/bin/unshare", ["-m", "/bin/sh", "-c", inOwnView, "sh", path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var tool = new OracleTool(Process.Start(start)!);
        tool._process.OutputDataReceived += (_, e) => tool.Add(e.Data);
        tool._process.ErrorDataReceived += (_, e) => tool.Add(e.Data);
        tool._process.BeginOutputReadLine();
        tool._process.BeginErrorReadLine();
        return tool;
    }

    /// <summary>Waits for its next line, or until it is taking too long.</summary>
    public void AwaitLine(TimeSpan most)
    {
        lock (_lines)
        {
            Monitor.Wait(_lines, most);
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    void Add(string? line)
    {
        _lines.Enqueue(line ?? "");
        lock (_lines)
        {
            Monitor.PulseAll(_lines);
        }
    }
}
