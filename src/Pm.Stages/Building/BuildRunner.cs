using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Packages;
using Pm.Trust;

namespace Pm.Stages.Building;

/// <summary>
/// Runs the commands of a build, confined: they change files in the scratch directory alone, and make no socket, so they reach no network.
/// </summary>
/// <remarks>A kernel that cannot confine is told of once, and the build goes on: what is built is the user's own choice.</remarks>
sealed class BuildRunner(BuildPlaces places, IReadOnlyDictionary<string, string> environment, TimeSpan limit, StageObserver observer)
{
    const int ShownLines = 20;
    const int ShownBytes = 16 * 1024;
    const int VersionBytes = 64 * 1024;
    static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(30);

    // Whatever umask pm has: modes are inputs like any other.
    const string Wrapper = "umask 022\nulimit -c 0\nexec \"$@\"";

    readonly Stopwatch _time = Stopwatch.StartNew();
    bool _isUnconfined;

    /// <summary>Runs one command to its end.</summary>
    /// <param name="step">The command.</param>
    /// <param name="log">Gets all that it says.</param>
    /// <param name="cancellation">Ends it.</param>
    public ChildResult Run(BuildStep step, SafeFileHandle log, CancellationToken cancellation)
    {
        FileWriting.Write(log, Encoding.UTF8.GetBytes($"$ {step}\n"));
        var left = limit - _time.Elapsed;
        return Run(
            Options(step) with { WorkingDirectory = places.Source, OutputFile = log, Timeout = left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1) }, cancellation);
    }

    /// <summary>What a tool says of its version; null: nothing that reads as one.</summary>
    public string? Version(BuildTool tool, CancellationToken cancellation)
    {
        var step = new BuildStep(tool.Path, tool.Name == "go" ? "version" : "--version");
        var result = Run(
            Options(step) with { WorkingDirectory = places.Home, Timeout = VersionLimit, OutputLimit = VersionBytes, ErrorLimit = VersionBytes }, cancellation);
        return result.IsSuccess ? ToolVersion.In(result.OutputText.Length > 0 ? result.OutputText : result.ErrorText) : null;
    }

    /// <summary>The beginning of what was written to a log from a place on: what goes wrong first is what matters.</summary>
    public static string Said(SafeFileHandle log, long from)
    {
        var bytes = new byte[Math.Clamp(RandomAccess.GetLength(log) - from, 0, VersionBytes)];
        return Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(log, bytes, from)));
    }

    /// <summary>The last lines of a log, as they may be shown.</summary>
    public static string Tail(SafeFileHandle log)
    {
        var length = RandomAccess.GetLength(log);
        var bytes = new byte[Math.Min(length, ShownBytes)];
        var count = RandomAccess.Read(log, bytes, length - bytes.Length);
        var lines = Encoding.UTF8.GetString(bytes.AsSpan(0, count)).TrimEnd().Split('\n');
        return string.Join('\n', lines.TakeLast(ShownLines).Select(line => ShownText.Of(line.TrimEnd('\r').Replace("\t", "    ", StringComparison.Ordinal))));
    }

    ChildOptions Options(BuildStep step) => new()
    {
        FileName = "/bin/sh",
        ArgumentZero = "sh",
        Arguments = ["-c", Wrapper, "sh", step.Program, .. step.Arguments],
        Environment = environment,
        Confinement = _isUnconfined ? null : new Confinement { Writable = [places.Work] },
        EndsWithParent = true,
    };

    ChildResult Run(ChildOptions options, CancellationToken cancellation)
    {
        try
        {
            return ChildProcess.Run(options, cancellation);
        }
        catch (SystemCallException e) when (options.Confinement is not null && IsNoConfinement(e))
        {
            _isUnconfined = true;
            observer.Note?.Invoke($"this kernel cannot confine the build ({PathText.Show(e.Message)}): it may reach the network, and change what you may");
            return ChildProcess.Run(options with { Confinement = null }, cancellation);
        }
    }

    /// <summary>Calls of the kernel by which a child is confined, that are not there or that a container forbids.</summary>
    static bool IsNoConfinement(SystemCallException e) =>
        e.Errno is Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.EPERM or Errno.EACCES or Errno.EINVAL
        && (e.Call is "seccomp" or "mount" or "prctl" || e.Call.StartsWith("landlock", StringComparison.Ordinal));
}
