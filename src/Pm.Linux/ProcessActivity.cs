using System.Globalization;

namespace Pm.Linux;

/// <summary>What the processes of a group have done since they began, those that ended and were waited for included.</summary>
/// <param name="ReadBytes">By read(2) and its like: also what came out of a pipe, not what came out of a socket by recv(2).</param>
/// <param name="Ticks">Of the processor.</param>
/// <remarks>Source: proc_pid_io(5), proc_pid_stat(5).</remarks>
public readonly record struct ProcessActivity(long ReadBytes, long Ticks)
{
    // Counted from the state, the third field of all, which is the first behind the name.
    const int Group = 2;
    const int FirstTicks = 11; // utime, stime, cutime, cstime

    /// <summary>Of all processes of a group that are there now; nothing where there is no /proc.</summary>
    public static ProcessActivity OfGroup(int group)
    {
        var (bytes, ticks) = (0L, 0L);
        using var all = DirectoryHandle.TryOpen("/proc");
        foreach (var entry in all?.Entries() ?? [])
        {
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && FieldsOf(pid) is { Length: > FirstTicks + 3 } fields && fields[Group] == group.ToString(CultureInfo.InvariantCulture))
            {
                bytes += ReadBy(pid);
                ticks += fields.AsSpan(FirstTicks, 4).ToArray().Sum(Number);
            }
        }

        return new ProcessActivity(bytes, ticks);
    }

    /// <summary>What stands behind the name of the program, which may hold anything.</summary>
    static string[]? FieldsOf(int pid) =>
        ProcessProbe.Lines(Path(pid, "stat")) is [var line, ..] ? line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) : null;

    static long ReadBy(int pid)
    {
        const string Read = "rchar: ";
        var line = ProcessProbe.Lines(Path(pid, "io")).FirstOrDefault(l => l.StartsWith(Read, StringComparison.Ordinal));
        return line is null ? 0 : Number(line[Read.Length..]);
    }

    static string Path(int pid, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}");

    static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
