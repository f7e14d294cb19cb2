using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>What the kernel knows about a terminal. Source: isatty(3), ioctl_tty(2).</summary>
public static partial class TerminalDevice
{
    const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    /// <summary>Whether <paramref name="descriptor"/> is a terminal.</summary>
    public static bool IsTerminal(int descriptor) => IsATerminal(descriptor) == 1;

    /// <summary>The width of the terminal in columns, or null when it is none or does not say.</summary>
    public static int? Width(int descriptor) =>
        Control(descriptor, GetWindowSize, out var size) == 0 && size.Columns > 0 ? size.Columns : null;

    /// <summary>The path of the terminal behind <paramref name="descriptor"/>, <c>/dev/pts/3</c>; null when it is none.</summary>
    public static string? NameOf(int descriptor)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        return IsTerminal(descriptor) && OpenFile.PathOf(file) is var path && path.StartsWith("/dev/", StringComparison.Ordinal)
            ? path
            : null;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }
}
