using System.Runtime.InteropServices;
using System.Text;

namespace Pm.Linux;

/// <summary>
/// The network interfaces of this process. <c>/sys/class/net</c> has those of whoever mounted it, which are others in a network namespace. Source: if_nametoindex(3).
/// </summary>
public static unsafe partial class NetworkInterface
{
    /// <summary>A name with the NUL behind it. Source: IF_NAMESIZE of Linux.</summary>
    const int LongestName = 16;

    /// <summary>The number of an interface; null: there is none of that name.</summary>
    public static int? IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains('\0', StringComparison.Ordinal) || IndexOfName(name) is not (> 0 and <= int.MaxValue and var index) ? null : (int)index;
    }

    /// <summary>The name of an interface; null: there is none of that number.</summary>
    public static string? NameOf(int index)
    {
        var name = stackalloc byte[LongestName];
        return index > 0 && NameOfIndex((uint)index, name) != 0 ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)) : null;
    }

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOfName(string name);

    [LibraryImport("libc", EntryPoint = "if_indextoname")]
    private static partial nint NameOfIndex(uint index, byte* name);
}
