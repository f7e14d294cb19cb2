using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Speaks with the kernel about the network that the thread was in which opened it. Source: netlink(7), rtnetlink(7).</summary>
sealed unsafe partial class NetlinkSocket : IDisposable
{
    /// <summary>NLM_F_REQUEST, and what it is answered with.</summary>
    public const ushort Request = 1, Acknowledge = 4, Dump = 0x300, Create = 0x400, Exclusive = 0x200;

    /// <summary>One piece of a list. Source: NLMSG_GOODSIZE, and what the kernel makes of larger buffers.</summary>
    const int PieceSize = 64 << 10;

    const int Family = 16; // AF_NETLINK
    const int Raw = 3; // SOCK_RAW
    const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    const int Level = 270; // SOL_NETLINK
    const int ShortAnswers = 10; // NETLINK_CAP_ACK
    const int AnswersInWords = 11; // NETLINK_EXT_ACK

    const ushort ErrorKind = 2; // NLMSG_ERROR
    const ushort EndKind = 3; // NLMSG_DONE
    const ushort HasWords = 0x200; // NLM_F_ACK_TLVS
    const ushort IsInterrupted = 0x10; // NLM_F_DUMP_INTR
    const ushort Words = 1; // NLMSGERR_ATTR_MSG

    /// <summary>The number, and the head of what was asked.</summary>
    const int ErrorSize = sizeof(int) + NetlinkMessage.HeadSize;

    readonly SafeFileHandle _socket;
    readonly byte[] _piece = new byte[PieceSize];
    uint _number;
    bool _isInterrupted;

    NetlinkSocket(SafeFileHandle socket) => _socket = socket;

    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static NetlinkSocket Open()
    {
        var socket = Socket(Family, Raw | CloseOnExec, 0);
        if (socket < 0)
        {
            throw SystemCallException.Last("socket");
        }

        // Before Linux 4.12 it answers without words.
        var on = 1;
        _ = SetOption(socket, Level, ShortAnswers, &on, sizeof(int));
        _ = SetOption(socket, Level, AnswersInWords, &on, sizeof(int));
        return new NetlinkSocket(new SafeFileHandle(socket, ownsHandle: true));
    }

    /// <summary>Tells the kernel something, and waits for its answer.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="what">What it is about, for messages.</param>
    /// <exception cref="SystemCallException">The kernel refused; in its own words, where it has some.</exception>
    public void Tell(NetlinkMessage message, string what)
    {
        Send(message);
        while (!ReadPiece((_, _) => { }, what))
        {
            // On to its answer.
        }
    }

    /// <summary>Has the kernel list something.</summary>
    /// <param name="message">What is asked.</param>
    /// <param name="what">What it is about, for messages.</param>
    /// <param name="begin">The list begins, perhaps not for the first time: it was changed while it was read.</param>
    /// <param name="take">Is given the kind of each entry, and all of it behind the head.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void List(NetlinkMessage message, string what, Action begin, NetlinkEntry take)
    {
        do
        {
            begin();
            _isInterrupted = false;
            Send(message);
            while (!ReadPiece(take, what))
            {
                // On to its end.
            }
        }
        while (_isInterrupted);
    }

    void Send(NetlinkMessage message)
    {
        var bytes = message.ToBytes(++_number);
        fixed (byte* first = bytes)
        {
            nint sent;
            do
            {
                sent = SendBytes(_socket, first, (nuint)bytes.Length, 0);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() is Linux.Errno.EINTR);
            if (sent < 0)
            {
                throw SystemCallException.Last("send");
            }
        }
    }

    /// <returns>It was the end of the answer.</returns>
    bool ReadPiece(NetlinkEntry take, string what)
    {
        var left = new ReadOnlySpan<byte>(_piece, 0, Receive());
        while (left.Length >= NetlinkMessage.HeadSize)
        {
            var (length, kind, flags, number) = (MemoryMarshal.Read<uint>(left), MemoryMarshal.Read<ushort>(left[4..]), MemoryMarshal.Read<ushort>(left[6..]), MemoryMarshal.Read<uint>(left[8..]));
            if (length < NetlinkMessage.HeadSize || length > left.Length)
            {
                throw new SystemCallException("recv", Linux.Errno.EIO, what);
            }

            var body = left[NetlinkMessage.HeadSize..(int)length];
            left = left[(int)Math.Min((uint)left.Length, (length + 3) & ~3u)..];
            if (number != _number)
            {
                continue;
            }

            _isInterrupted |= (flags & IsInterrupted) != 0;
            switch (kind)
            {
                case EndKind:
                    return true;
                case ErrorKind:
                    Check(body, flags, what);
                    return true;
                default:
                    take(kind, body);
                    break;
            }
        }

        return false;
    }

    static void Check(ReadOnlySpan<byte> body, ushort flags, string what)
    {
        var errno = body.Length < sizeof(int) ? Linux.Errno.EIO : -MemoryMarshal.Read<int>(body);
        if (errno != 0)
        {
            var words = (flags & HasWords) != 0 && body.Length > ErrorSize ? new NetlinkAttributes(body[ErrorSize..]).Text(Words) : null;
            throw new SystemCallException(what, errno, detail: words is null ? null : $"{Marshal.GetPInvokeErrorMessage(errno)} ({words})");
        }
    }

    int Receive()
    {
        fixed (byte* piece = _piece)
        {
            nint count;
            do
            {
                count = ReceiveBytes(_socket, piece, PieceSize, 0);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() is Linux.Errno.EINTR);
            return count > 0 ? (int)count : throw SystemCallException.Last("recv");
        }
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, int* value, uint size);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint SendBytes(SafeFileHandle socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveBytes(SafeFileHandle socket, byte* bytes, nuint count, int flags);
}
