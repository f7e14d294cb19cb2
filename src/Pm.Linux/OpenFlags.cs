using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Flags of open(2). Four of them have other values on arm64. Source: asm/fcntl.h.</summary>
static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public static int Directory => IsArm ? 0x4000 : 0x10000;

    public static int NoFollow => IsArm ? 0x8000 : 0x20000;

    /// <summary>O_TMPFILE, which has O_DIRECTORY in it.</summary>
    public static int Unnamed => 0x400000 | Directory;

    static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64;
}
