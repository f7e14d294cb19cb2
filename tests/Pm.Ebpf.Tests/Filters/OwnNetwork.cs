using System.Diagnostics;
using Pm.Linux;
using Xunit;

namespace Pm.Ebpf.Tests.Filters;

/// <summary>A network that nobody else has, with a loopback interface that is up; it ends with this.</summary>
sealed class OwnNetwork : IDisposable
{
    readonly Process _process;

    public OwnNetwork()
    {
        _process = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "ip link set lo up && echo ready && read end"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (_process.StandardOutput.ReadLine() != "ready")
        {
            Assert.Skip($"no network of its own: {_process.StandardError.ReadToEnd().Trim()}");
        }

        Number = FileStatus.Of($"/proc/{_process.Id}/ns/net")!.Value.Inode;
    }

    public ulong Number { get; }

    /// <summary>Does something in it, on a thread of its own.</summary>
    public T Do<T>(Func<T> work)
        where T : class => NetworkNamespace.TryWithin(Number, work) ?? throw new InvalidOperationException("the network is not there any more");

    /// <summary>What tc(8) says, or does.</summary>
    public string Tc(string words, params string[] more)
    {
        using var process = Process.Start(new ProcessStartInfo("nsenter", ["-t", $"{_process.Id}", "-n", "tc", .. words.Split(' '), .. more]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"tc {words}: {errors}");
        return said;
    }

    /// <summary>It is not there any more.</summary>
    public void End()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
    }

    public void Dispose()
    {
        End();
        _process.Dispose();
    }
}
