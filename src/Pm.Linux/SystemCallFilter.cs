using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// Takes system calls away from the calling thread and what it starts: they fail with EPERM. Sockets, so that no network and no
/// service is reached; and what would go around that: rings that make sockets, and calls of another architecture. Source: seccomp(2).
/// </summary>
static partial class SystemCallFilter
{
    const int SetFilter = 22; // PR_SET_SECCOMP
    const ulong FilterMode = 2;

    // BPF: struct sock_filter { code, jump if true, jump if false, constant }. Source: linux/filter.h.
    const ushort LoadWord = 0x20;
    const ushort JumpIfEqual = 0x15;
    const ushort JumpIfAtLeast = 0x35;
    const ushort Return = 0x06;
    const uint Allow = 0x7fff0000;
    const uint FailWith = 0x00050000;
    const uint NumberOffset = 0;
    const uint ArchitectureOffset = 4;

    const uint ForeignNumbers = 0x40000000; // x32's
    const uint RingSetup = 425;

    /// <exception cref="SystemCallException">The kernel has no filters, or pm does not know this architecture.</exception>
    public static unsafe void Install(bool allowsNetwork)
    {
        var (architecture, socket) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (0xC000003Eu, 41u),
            Architecture.Arm64 => (0xC00000B7u, 198u),
            var other => throw new SystemCallException("seccomp", Errno.EOPNOTSUPP, null, $"no filter is known for {other}"),
        };
        List<uint> refused = allowsNetwork ? [] : [socket, RingSetup];
        var program = Program(architecture, refused);
        fixed (ulong* first = program)
        {
            // struct sock_fprog: the number of instructions, then, aligned, where they are.
            var header = stackalloc ulong[2];
            *(ushort*)header = (ushort)program.Length;
            header[1] = (ulong)first;
            ConfinedThread.Check(Control(SetFilter, FilterMode, (ulong)header, 0, 0), "seccomp");
        }
    }

    static ulong[] Program(uint architecture, List<uint> refused)
    {
        // Jumps are counted from the next instruction; the last one but one allows, the last one refuses.
        var checks = 4 + refused.Count;
        var program = new List<ulong>
        {
            Instruction(LoadWord, 0, 0, ArchitectureOffset),
            Instruction(JumpIfEqual, 0, (byte)(checks - 1), architecture),
            Instruction(LoadWord, 0, 0, NumberOffset),
            Instruction(JumpIfAtLeast, (byte)(checks - 3), 0, ForeignNumbers),
        };
        foreach (var number in refused)
        {
            program.Add(Instruction(JumpIfEqual, (byte)(checks - program.Count), 0, number));
        }
        program.Add(Instruction(Return, 0, 0, Allow));
        program.Add(Instruction(Return, 0, 0, FailWith | Errno.EPERM));
        return [.. program];
    }

    static ulong Instruction(ushort code, byte ifTrue, byte ifFalse, uint constant) =>
        code | (ulong)ifTrue << 16 | (ulong)ifFalse << 24 | (ulong)constant << 32;

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, ulong one, ulong two, ulong three, ulong four);
}
