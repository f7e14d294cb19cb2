using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>The networks of this machine, each with interfaces of its own; a number of the kernel's says which. Source: network_namespaces(7), namespaces(7).</summary>
public static partial class NetworkNamespace
{
    const string Own = "/proc/thread-self/ns/net";
    const string Mounts = "/proc/self/mountinfo";
    const int Network = 0x40000000; // CLONE_NEWNET
    const int StackSize = 256 * 1024;

    /// <summary>The number of the one that this thread is in, as all of its process are unless they went elsewhere.</summary>
    /// <exception cref="SystemCallException">There is no /proc.</exception>
    public static ulong Current => FileStatus.Of(Own)?.Inode ?? throw new SystemCallException("stat", Errno.ENOENT, Own);

    /// <summary>Does something in a network: on a thread of its own, which ends with it.</summary>
    /// <typeparam name="T">What comes of it: what was opened there stays there.</typeparam>
    /// <param name="network">The number of the network.</param>
    /// <param name="work">What is to be done.</param>
    /// <returns>Null: no process is in it, and it has no name: so it is not there any more.</returns>
    /// <exception cref="SystemCallException">It may not be entered.</exception>
    public static T? TryWithin<T>(ulong network, Func<T> work)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(work);
        if (network == Current)
        {
            return work();
        }

        using var handle = Find(network);
        return handle is null ? null : Within(handle, work);
    }

    static T Within<T>(SafeFileHandle network, Func<T> work)
        where T : class
    {
        T? result = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = Enter((int)network.DangerousGetHandle(), Network) == 0 ? work() : throw SystemCallException.Last("setns");
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>By the processes that are in it, and by the files that name it.</summary>
    static SafeFileHandle? Find(ulong network)
    {
        foreach (var path in Directory.EnumerateDirectories("/proc").Where(p => p.AsSpan("/proc/".Length).IndexOfAnyExceptInRange('0', '9') < 0).Select(p => p + "/ns/net").Concat(Named()))
        {
            try
            {
                if (FileStatus.Of(path)?.Inode == network)
                {
                    return File.OpenHandle(path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Of a process that has ended meanwhile, or of another user's.
            }
        }

        return null;
    }

    /// <summary>Where networks are mounted on files: those that have names.</summary>
    static IEnumerable<string> Named() =>
        ProcessProbe.Lines(Mounts).Select(l => l.Split(' ')).Where(f => f.Length > 4 && f[3].StartsWith("net:[", StringComparison.Ordinal) && !f[4].Contains('\\', StringComparison.Ordinal)).Select(f => f[4]);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Enter(int descriptor, int kind);
}
