using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pm.Bench;

/// <summary>A server that runs beside the benchmark, on a port of its own.</summary>
sealed class BackgroundServer : IDisposable
{
    static readonly TimeSpan MostStart = TimeSpan.FromSeconds(30);

    readonly Process _process;

    BackgroundServer(Process process, int port) => (_process, Port) = (process, port);

    internal int Port { get; }

    /// <summary>Starts a program, which is told the port in its words.</summary>
    internal static BackgroundServer Start(Func<int, string[]> command)
    {
        var port = FreePort();
        var words = command(port);
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new BackgroundServer(process, port);
    }

    /// <summary>Waits until it answers a request, and says how long that took.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not answer.</exception>
    internal double MillisecondsToAnswer(string path, bool isTls = false)
    {
        var start = Stopwatch.GetTimestamp();
        while (!TryAsk(path, isTls))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > MostStart)
            {
                throw new InvalidOperationException($"{_process.StartInfo.FileName} did not answer");
            }

            Thread.Sleep(TimeSpan.FromMicroseconds(200));
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Its resident memory in KiB. Source: proc_pid_status(5).</summary>
    internal double ResidentKibibytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(6).Trim().TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    bool TryAsk(string path, bool isTls)
    {
        try
        {
            using var stream = LoopbackConnection.Open(Port, isTls);
            stream.Write(LoopbackConnection.Request(path));
            return stream.Read(new byte[64]) > 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
