using System.Globalization;

namespace Pm.Linux;

/// <summary>
/// Has a program started by a shell that limits itself first. A limit that is set from outside once the program runs comes too late for what
/// that has started by then, which is without it for ever.
/// </summary>
static class ShellLimits
{
    public const string Shell = "/bin/sh";

    /// <summary>Of <c>ulimit -v</c>, and of <c>ulimit -f</c> by POSIX.</summary>
    const int MemoryUnit = 1024;
    const int FileUnit = 512;

    /// <summary>The same program by way of the shell; where a limit of the person is lower, that holds.</summary>
    /// <param name="options">What is to be started.</param>
    /// <param name="program">Its path.</param>
    public static ChildOptions Apply(ChildOptions options, string program) => options with
    {
        FileName = Shell,
        ArgumentZero = null,
        Arguments = ["-c", $"{Line("-v", options.MemoryLimit, MemoryUnit)}{Line("-f", options.FileSizeLimit, FileUnit)}exec \"$0\" \"$@\"", program, .. options.Arguments],
    };

    static string Line(string option, long? limit, int unit) =>
        limit is { } most ? string.Create(CultureInfo.InvariantCulture, $"ulimit {option} {(most + unit - 1) / unit} 2>/dev/null; ") : "";
}
