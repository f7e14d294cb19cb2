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
        var start = new ProcessStartInfo("/usr/bin/unshare", ["-m", "/bin/sh", "-c", View(Path.GetFileName(path)), "sh", path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var tool = new OracleTool(Process.Start(start)!);
        tool._process.OutputDataReceived += (_, e) => tool.Add(e.Data);
        tool._process.ErrorDataReceived += (_, e) => tool.Add(e.Data);
        tool._process.BeginOutputReadLine();
        tool._process.BeginErrorReadLine();
        return tool;
    }

    /// <summary>Some of them look for tracepoints below debugfs, which need not be mounted; nobody else sees that it is.</summary>
    /// <remarks>
    /// Debian's statsnoop asks for <c>syscalls/statfs</c> and alike before it attaches to <c>syscalls/sys_enter_statfs</c>: no kernel has those, and it attaches nothing. It finds them here, beside the real ones.
    /// </remarks>
    static string View(string tool) => (tool == "statsnoop"
        ? "mount -t tmpfs tmpfs /sys/kernel/debug && cd /sys/kernel/debug && mkdir -p tracing/events/syscalls && cd tracing/events/syscalls && ln -s /sys/kernel/tracing/events/syscalls/sys_* . "
            + "&& for name in statfs statx newstat newfstatat newlstat; do mkdir $name; : > $name/format; done; cd /"
        : "mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null") + "; exec stdbuf -oL \"$@\"";

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
