using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>A socket that is given a copy of each packet of a network interface. Source: packet(7).</summary>
public static unsafe partial class PacketSocket
{
    const int Family = 17; // AF_PACKET
    const int Raw = 3; // SOCK_RAW
    const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    const ushort EveryProtocol = 3; // ETH_P_ALL
    const int SocketLevel = 1; // SOL_SOCKET
    const int ReceiveBuffer = 8; // SO_RCVBUF
    const int AttachProgram = 50; // SO_ATTACH_BPF
    const int AddressSize = 20; // struct sockaddr_ll

    /// <summary>One whose packets an eBPF program looks at before anybody else. Nobody is to read it: what the program lets through fills the smallest buffer that there is, and is dropped from then on.</summary>
    /// <param name="interfaceIndex">The number of the interface.</param>
    /// <param name="program">The descriptor of the loaded program.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static SafeFileHandle Open(int interfaceIndex, int program)
    {
        // Of no protocol it has no packets until it is bound: none goes past the program.
        var socket = Socket(Family, Raw | CloseOnExec, 0);
        if (socket < 0)
        {
            throw SystemCallException.Last("socket");
        }

        var owned = new SafeFileHandle(socket, ownsHandle: true);
        try
        {
            Set(owned, ReceiveBuffer, 0);
            Set(owned, AttachProgram, program);
            var address = stackalloc byte[AddressSize];
            var fields = new Span<byte>(address, AddressSize);
            fields.Clear();
            MemoryMarshal.Write(fields, (ushort)Family);
            BinaryPrimitives.WriteUInt16BigEndian(fields[2..], EveryProtocol);
            MemoryMarshal.Write(fields[4..], interfaceIndex);
            return Bind(owned, address, AddressSize) == 0 ? owned : throw SystemCallException.Last("bind");
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    static void Set(SafeFileHandle socket, int option, int value)
    {
        if (SetOption(socket, SocketLevel, option, &value, sizeof(int)) != 0)
        {
            throw SystemCallException.Last("setsockopt");
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeFileHandle socket, int level, int option, int* value, uint size);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(SafeFileHandle socket, byte* address, uint size);
}
