using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <content>Directories further down, reached without following any symbolic link.</content>
public sealed partial class DirectoryHandle
{
    const long OpenAt2Number = 437;
    const ulong NoMagicLinks = 2;
    const ulong NoSymbolicLinks = 4;
    const ulong Beneath = 8;

    static volatile bool _lacksOpenAt2;

    /// <summary>Opens the directory <paramref name="relative"/>, for example <c>usr/share/doc</c>.</summary>
    /// <exception cref="ArgumentException">Empty, absolute, or with a <c>..</c> in it.</exception>
    /// <exception cref="SystemCallException">
    /// ENOENT; ELOOP or ENOTDIR when a part is a symbolic link or a file; EXDEV when it leads outside.
    /// </exception>
    public DirectoryHandle OpenBeneath(string relative) =>
        TryOpenBeneath(relative) ?? throw new SystemCallException("open", Errno.ENOENT, Joined(relative));

    /// <summary>As <see cref="OpenBeneath"/>; null when there is nothing of that name.</summary>
    /// <exception cref="ArgumentException">Empty, absolute, or with a <c>..</c> in it.</exception>
    /// <exception cref="SystemCallException">Anything but ENOENT.</exception>
    public DirectoryHandle? TryOpenBeneath(string relative)
    {
        CheckRelative(relative);
        if (_lacksOpenAt2)
        {
            return TryStepBeneath(relative);
        }
        var descriptor = OpenBeneathAtOnce(FileName.Terminated(relative), DirectoryFlags);
        // A sandbox from before Linux 5.6 answers EPERM to a call it does not know.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.ENOSYS or Errno.EPERM)
        {
            _lacksOpenAt2 = true;
            return TryStepBeneath(relative);
        }
        // As neither `..` nor a link leads outside, what was found was moved to elsewhere before it was opened; the other way finds it there or not.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.EXDEV)
        {
            return TryStepBeneath(relative);
        }
        return Opened(descriptor, Joined(relative));
    }

    /// <summary>Opens <paramref name="relative"/>; what is missing is made with <paramref name="mode"/> and not synced.</summary>
    /// <exception cref="ArgumentException">Empty, absolute, or with a <c>..</c> in it.</exception>
    /// <exception cref="SystemCallException">As <see cref="OpenBeneath"/>, and what mkdir(2) says.</exception>
    public DirectoryHandle OpenOrMakeBeneath(string relative, int mode)
    {
        if (TryOpenBeneath(relative) is { } found)
        {
            return found;
        }
        var at = this;
        foreach (var part in Parts(relative))
        {
            var from = at;
            try
            {
                at = from.TryOpenBeneath(part) ?? from.Make(part, mode);
            }
            finally
            {
                if (from != this)
                {
                    from.Dispose();
                }
            }
        }
        return at;
    }

    /// <summary>
    /// Opens the regular file <paramref name="relative"/>, for example <c>blobs/ab</c>, without following a symbolic link
    /// in any part; null when there is nothing of that name.
    /// </summary>
    /// <exception cref="ArgumentException">Empty, absolute, or with a <c>..</c> in it.</exception>
    /// <exception cref="SystemCallException">ELOOP or ENOTDIR for links and files on the way; EISDIR; EINVAL for other kinds.</exception>
    public SafeFileHandle? TryOpenReadBeneath(string relative)
    {
        CheckRelative(relative);
        if (!_lacksOpenAt2)
        {
            var path = FileName.Terminated(relative);
            var descriptor = OpenBeneathAtOnce(path, OpenFlags.ReadOnly | RegularFlags);
            if (descriptor >= 0)
            {
                return RegularOnly(new SafeFileHandle(descriptor, ownsHandle: true), this, path);
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.ENOENT:
                    return null;
                case not (Errno.ENOSYS or Errno.EPERM or Errno.EXDEV):
                    throw SystemCallException.Last("open", Joined(relative));
            }
        }

        var slash = relative.LastIndexOf('/');
        using var parent = slash < 0 ? null : TryStepBeneath(relative[..slash]);
        return slash >= 0 && parent is null ? null : (parent ?? this).TryOpenRead(relative[(slash + 1)..]);
    }

    /// <summary>
    /// The status of what lies at <paramref name="terminated"/>, a path with a NUL at its end, or null. Links in its
    /// directories <em>are</em> followed: it only says whether a file that was opened is still the one of that name.
    /// </summary>
    /// <exception cref="SystemCallException">Anything but ENOENT and ENOTDIR.</exception>
    public FileStatus? StatusBeneath(ReadOnlySpan<byte> terminated)
    {
        CheckTerminated(terminated);
        return StatusCall.Of(this, terminated);
    }

    /// <summary>The way for kernels before 5.6: one part after the other, none of them through a link.</summary>
    internal DirectoryHandle? TryStepBeneath(string relative)
    {
        CheckRelative(relative);
        DirectoryHandle? at = this;
        foreach (var part in Parts(relative).DefaultIfEmpty("."))
        {
            var from = at;
            try
            {
                at = Opened(
                    OpenRetrying(from, FileName.Terminated(part), DirectoryFlags | OpenFlags.NoFollow), from.Joined(part));
            }
            finally
            {
                if (from != this)
                {
                    from.Dispose();
                }
            }
            if (at is null)
            {
                return null;
            }
        }
        return at;
    }

    static void CheckRelative(string relative)
    {
        ArgumentException.ThrowIfNullOrEmpty(relative);
        if (relative[0] == '/' || relative.Split('/').Contains(".."))
        {
            throw new ArgumentException($"`{relative}` is not a path beneath a directory", nameof(relative));
        }
    }

    static IEnumerable<string> Parts(string relative) =>
        relative.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");

    DirectoryHandle Make(string name, int mode)
    {
        try
        {
            MakeDirectory(name, mode);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
        {
            // Somebody else made it meanwhile.
        }
        return OpenBeneath(name);
    }

    string Joined(string relative) => relative is "." ? Path : System.IO.Path.Join(Path, relative);

    int OpenBeneathAtOnce(ReadOnlySpan<byte> relative, int flags, ulong more = 0)
    {
        var how = new OpenHow { Flags = (ulong)flags, Resolve = Beneath | NoSymbolicLinks | NoMagicLinks | more };
        long descriptor;
        do
        {
            descriptor = OpenAt2(OpenAt2Number, this, relative, ref how, OpenHow.Size);
        }
        // EAGAIN: something was renamed or mounted while the kernel looked for `..`. Source: openat2(2).
        while (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.EINTR or Errno.EAGAIN);
        return (int)descriptor;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long OpenAt2(
        long number, DirectoryHandle directory, ReadOnlySpan<byte> path, ref OpenHow how, nint size);

    [StructLayout(LayoutKind.Sequential)]
    struct OpenHow
    {
        public const int Size = 24;
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
