using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>What the kernel knows about a terminal. Source: isatty(3), ioctl_tty(2), termios(3).</summary>
public static partial class TerminalDevice
{
    const nuint GetWindowSize = 0x5413; // TIOCGWINSZ
    const int WhenWritten = 1; // TCSADRAIN
    const uint Echo = 0x8; // ECHO
    const uint EchoNewline = 0x40; // ECHONL

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

    /// <summary>
    /// What is typed is not shown, but for the end of the line, until the result is disposed. Null where <paramref name="descriptor"/>
    /// is no terminal, or does not do so.
    /// </summary>
    public static IDisposable? HideTyping(int descriptor)
    {
        if (GetAttributes(descriptor, out var shown) != 0)
        {
            return null;
        }

        var hidden = shown;
        hidden.LocalModes = (shown.LocalModes & ~Echo) | EchoNewline;
        return SetAttributes(descriptor, WhenWritten, hidden) == 0 ? new Restoration(descriptor, shown) : null;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, out Attributes attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, in Attributes attributes);

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

    /// <summary>struct termios of glibc and musl: only one of its members is looked at, the others are given back as they were.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Attributes
    {
        public uint InputModes;
        public uint OutputModes;
        public uint ControlModes;
        public uint LocalModes;
        public ControlCharacters Characters;
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    /// <summary>c_line, c_cc[32] and what aligns the speeds.</summary>
    [InlineArray(36)]
    struct ControlCharacters
    {
        byte _first;
    }

    sealed class Restoration(int descriptor, Attributes shown) : IDisposable
    {
        public void Dispose() => _ = SetAttributes(descriptor, WhenWritten, shown);
    }
}
