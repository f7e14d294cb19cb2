using System.Globalization;
using System.Text;

namespace Pm.Cli.Tests.Machines;

/// <summary>What came of a machine's script: each step's exit code, output and errors.</summary>
sealed class MachineReport
{
    readonly Dictionary<string, MachineStep> _steps = new(StringComparer.Ordinal);
    readonly string _console;

    /// <param name="text">Of each step a line <c>@@ NAME EXIT BYTES BYTES</c>, its output, its errors, and the end of a line.</param>
    /// <param name="console">What the kernel said, for a person.</param>
    public MachineReport(ReadOnlySpan<byte> text, string console)
    {
        _console = console;
        var bytes = text;
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end && Encoding.UTF8.GetString(bytes[..end]).Split(' ') is ["@@", var name, var exit, var output, var errors])
        {
            var (first, second) = (int.Parse(output, CultureInfo.InvariantCulture), int.Parse(errors, CultureInfo.InvariantCulture));
            bytes = bytes[(end + 1)..];
            _steps[name] = new MachineStep(int.Parse(exit, CultureInfo.InvariantCulture), Encoding.UTF8.GetString(bytes[..first]), Encoding.UTF8.GetString(bytes.Slice(first, second)));
            bytes = bytes[(first + second + 1)..];
        }
    }

    public MachineStep this[string name] => _steps.TryGetValue(name, out var step) ? step : throw new InvalidOperationException($"it did not come to {name}: {string.Join(", ", _steps.Keys)}\n{_steps.GetValueOrDefault("late")?.Output}{_console}");
}
