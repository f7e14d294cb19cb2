using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Pm.Linux.Tests;

public sealed class TerminalDeviceTests
{
    const nuint Unlock = 0x40045431; // TIOCSPTLCK
    const nuint Number = 0x80045430; // TIOCGPTN

    /// <summary>Both ends of a terminal: what is typed at one is read at the other, and shown where it was typed.</summary>
    [Fact]
    public void What_is_typed_is_not_shown_until_it_is_shown_again()
    {
        using var keyboard = Open("/dev/ptmx");
        var number = 0;
        Assert.Equal(0, Control(keyboard.SafeFileHandle, Unlock, ref number));
        Assert.Equal(0, Control(keyboard.SafeFileHandle, Number, ref number));
        using var terminal = Open(string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}"));
        var descriptor = (int)terminal.SafeFileHandle.DangerousGetHandle();

        using (Assert.IsType<IDisposable>(TerminalDevice.HideTyping(descriptor), exactMatch: false))
        {
            Assert.Equal("secret\n", Type("secret\n"));
        }

        Assert.Equal("seen\n", Type("seen\n"));
        Assert.Equal("\r\nseen\r\n", Read(keyboard));

        string Type(string line)
        {
            keyboard.Write(Encoding.ASCII.GetBytes(line));
            return Read(terminal);
        }
    }

    [Fact]
    public void What_is_no_terminal_hides_nothing()
    {
        using var file = File.OpenHandle("/dev/null");

        Assert.Null(TerminalDevice.HideTyping((int)file.DangerousGetHandle()));
    }

    static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    static string Read(FileStream file)
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, file.Read(buffer));
    }

#pragma warning disable SYSLIB1054 // Generated code would need unsafe blocks.
    [DllImport("libc", EntryPoint = "ioctl")]
    static extern int Control(SafeFileHandle file, nuint request, ref int value);
#pragma warning restore SYSLIB1054
}
