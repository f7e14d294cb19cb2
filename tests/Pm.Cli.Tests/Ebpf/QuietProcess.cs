using System.Diagnostics;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>
/// A process that opens files when it is told to, and does nothing else. Who watches it misses nothing: the process of the tests may open thousands while the reader of its events
/// waits for a processor, and the kernel drops what its buffer does not hold.
/// </summary>
sealed class QuietProcess : IDisposable
{
    readonly Process _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "while read name; do true < \"$name\"; echo; done 2> /dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public int Id => _process.Id;

    /// <summary>Tries to; it has when this returns.</summary>
    public void Open(string path)
    {
        _process.StandardInput.WriteLine(path);
        _process.StandardInput.Flush();
        _ = _process.StandardOutput.ReadLine();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
