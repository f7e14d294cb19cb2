using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// Finding out who holds a lock: the kernel's list says which processes do, the text in the file what the last taker
/// called itself. The text is one line, <c>PID COMMAND</c>; when it was taken is the file's time of modification.
/// Source: proc_locks(5).
/// </summary>
static class LockHolders
{
    const int MaximumText = 1024;

    public static void Write(SafeFileHandle file, string path, string holder)
    {
        var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Environment.ProcessId} ");
        foreach (var c in holder)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }
        var text = Encoding.UTF8.GetBytes(line.ToString());
        // One write and no truncation: another shared holder may be writing too, and a reader takes the first line.
        Quietly(() => FileWriting.WriteAt(file, [.. text.AsSpan(0, Math.Min(text.Length, MaximumText)), (byte)'\n'], 0, path));
    }

    public static void Clear(SafeFileHandle file, string path) => Quietly(() => FileWriting.Truncate(file, 0, path));

    /// <param name="isBusy">
    /// The lock was just found taken: then the text is the best there is where the kernel's list shows nothing, as for
    /// locks of another process namespace. Otherwise it may be left over from a process that was killed.
    /// </param>
    public static LockHolder? Of(string path, bool isBusy)
    {
        if (FileStatus.OfLink(path) is not { } status)
        {
            return null;
        }
        return Looked(Find(status, ReadText(path, status), isBusy));
    }

    /// <summary>Of what has no text in it, as a directory.</summary>
    public static LockHolder? Of(FileStatus status) => Looked(Find(status, null, isBusy: true));

    static LockHolder? Looked(LockHolder? holder) => holder is null ? null : holder with { IsStopped = ProcessProbe.IsStopped(holder.ProcessId) };

    static LockHolder? Find(FileStatus status, LockHolder? text, bool isBusy)
    {
        var processes = InKernelList(status, text).Where(ProcessProbe.IsAlive).ToList();
        if (text is not null && processes.Contains(text.ProcessId))
        {
            return text;
        }
        if (processes.Count > 0)
        {
            return new LockHolder(processes[0], ProcessProbe.CommandLine(processes[0]) ?? "unknown command", null);
        }
        return isBusy && text is not null && ProcessProbe.IsAlive(text.ProcessId) ? text : null;
    }

    /// <summary>The processes in lines like <c>7: FLOCK  ADVISORY  WRITE 412 fe:00:131073 0 EOF</c>.</summary>
    static IEnumerable<int> InKernelList(FileStatus status, LockHolder? text)
    {
        var inode = string.Create(CultureInfo.InvariantCulture, $":{status.Inode}");
        var file = string.Create(
            CultureInfo.InvariantCulture, $"{status.Device >> 32:x2}:{(uint)status.Device:x2}{inode}");
        foreach (var line in ProcessProbe.Lines("/proc/locks"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // btrfs shows another device number in the list than for the file; there the text has to agree.
            if (fields.Length >= 6 && fields[1] == "FLOCK" && fields[5].EndsWith(inode, StringComparison.Ordinal)
                && int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && (fields[5] == file || pid == text?.ProcessId))
            {
                yield return pid;
            }
        }
    }

    // The lock counts, not its text: on a full disk it must still be had, for there something is to be removed; and a
    // text that stays behind is not believed, since its process holds nothing.
    static void Quietly(Action change)
    {
        try
        {
            change();
        }
        catch (SystemCallException)
        {
        }
    }

    static LockHolder? ReadText(string path, FileStatus status)
    {
        try
        {
            using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path) is { Length: > 0 } d ? d : ".");
            var bytes = directory.TryReadFile(Path.GetFileName(path), 64 * MaximumText);
            var line = Encoding.UTF8.GetString(bytes ?? []).Split('\n')[0];
            var words = line.Split(' ', 2);
            return words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? new LockHolder(pid, words[1], status.Modified)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
