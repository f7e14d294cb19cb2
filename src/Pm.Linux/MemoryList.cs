using System.Buffers.Text;

namespace Pm.Linux;

/// <summary>Reads the list of a process's memory. Source: proc_pid_maps(5).</summary>
static class MemoryList
{
    // A guard of a thread's stack is as much out of bounds as reserved memory, but never that large.
    const ulong LeastReserved = 1 << 20;

    // Of the largest kind there is, so that every machine takes what begins and ends there.
    const ulong Page = 1 << 16;

    /// <summary>The parts that are reserved and not yet in use, of the memory that follows a place without a gap and is no file's.</summary>
    /// <param name="list">As the kernel writes it; a last line that is cut off is left out.</param>
    /// <param name="place">An address.</param>
    /// <param name="most">How far from there, in bytes; rounded down to whole pages.</param>
    public static List<(ulong Start, ulong Length)> ReservedBehind(ReadOnlySpan<byte> list, ulong place, ulong most)
    {
        var parts = new List<(ulong, ulong)>();
        var limit = (place + most) / Page * Page;
        ulong? end = null;
        for (int stop; (stop = list.IndexOf((byte)'\n')) >= 0; list = list[(stop + 1)..])
        {
            if (!TryRead(list[..stop], out var from, out var to, out var isReserved, out var isOwn))
            {
                return parts;
            }

            if (end is null ? place < from || place >= to : from != end)
            {
                if (end is not null)
                {
                    return parts;
                }

                continue;
            }

            if (!isOwn || from >= limit)
            {
                return parts;
            }

            end = to;
            if (isReserved && to - from >= LeastReserved)
            {
                parts.Add((from, Math.Min(to, limit) - from));
            }
        }

        return parts;
    }

    /// <summary><c>7f12a8000000-7f12a8010000 rw-p 00000000 00:00 0 [name]</c></summary>
    static bool TryRead(ReadOnlySpan<byte> line, out ulong from, out ulong to, out bool isReserved, out bool isOwn)
    {
        (to, isReserved, isOwn) = (0, false, false);
        if (!Utf8Parser.TryParse(line, out from, out var count, 'x') || line.Length <= count || line[count] != '-')
        {
            return false;
        }

        line = line[(count + 1)..];
        if (!Utf8Parser.TryParse(line, out to, out count, 'x') || to <= from)
        {
            return false;
        }

        isReserved = line[count..].StartsWith(" ---p "u8);
        isOwn = line[count..] is [_, _, _, _, (byte)'p', ..] && line.TrimEnd((byte)' ').EndsWith(" 00:00 0"u8);
        return true;
    }
}
