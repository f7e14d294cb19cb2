using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <content>Directories that are not somebody else's mount, of the same file system neither.</content>
public sealed partial class DirectoryHandle
{
    const ulong NoOtherMount = 1; // RESOLVE_NO_XDEV

    /// <summary>As <see cref="TryOpenBeneath"/>, but what is mounted further down is not entered.</summary>
    /// <exception cref="ArgumentException">Empty, absolute, or with a <c>..</c> in it.</exception>
    /// <exception cref="SystemCallException">EBUSY: something is mounted there. Else anything but ENOENT.</exception>
    public DirectoryHandle? TryOpenWithinMount(string relative)
    {
        CheckRelative(relative);
        if (!_lacksOpenAt2)
        {
            var descriptor = OpenBeneathAtOnce(FileName.Terminated(relative), DirectoryFlags, NoOtherMount);
            // EXDEV: something is mounted there, or it was renamed to elsewhere meanwhile; the other way tells which.
            if (descriptor >= 0 || Marshal.GetLastPInvokeError() is not (Errno.ENOSYS or Errno.EPERM or Errno.EXDEV))
            {
                return Opened(descriptor, Joined(relative));
            }
        }
        return TryStepWithinMount(relative);
    }

    /// <summary>The way for kernels before 5.6: looked at before it is opened, as the other way does it, too.</summary>
    internal DirectoryHandle? TryStepWithinMount(string relative)
    {
        var parts = Parts(relative).DefaultIfEmpty(".").ToList();
        using var parent = TryStepBeneath(string.Join('/', parts.SkipLast(1).DefaultIfEmpty(".")));
        if (parent is null)
        {
            return null;
        }
        using var seen = Opened(
            OpenRetrying(parent, FileName.Terminated(parts[^1]), DirectoryFlags | OpenFlags.NoFollow | OpenFlags.PathOnly), Joined(relative));
        if (seen is null)
        {
            return null;
        }
        // No mount below has the number of that above it.
        return MountOf(seen) != MountOf(this)
            ? throw Mounted(relative)
            : Opened(OpenRetrying(seen, ".\0"u8, DirectoryFlags), Joined(relative));
    }

    SystemCallException Mounted(string relative) =>
        new("open", Errno.EBUSY, Joined(relative), "something is mounted there, which is not pm's: `umount` it first");

    /// <summary>Where nobody tells the number, the file system's: two mounts of one file system are then the same.</summary>
    static ulong MountOf(DirectoryHandle directory) =>
        StatusCall.MountOf(directory) ?? MountFromProc(directory) ?? directory.Status().Device;

    /// <summary>Since Linux 3.15. Source: proc_pid_fdinfo(5).</summary>
    static ulong? MountFromProc(DirectoryHandle directory)
    {
        const string Label = "mnt_id:";
        try
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{directory.DangerousGetHandle()}");
            var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal));
            return line is null ? null : ulong.Parse(line.AsSpan(Label.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
