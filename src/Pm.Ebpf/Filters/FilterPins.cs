using Pm.Ebpf.Loading;
using Pm.Ebpf.Pinning;
using Pm.Linux;

namespace Pm.Ebpf.Filters;

/// <summary>The records of filters in a directory of bpffs: of one that runs on its own, or one that says what is to be taken away when its process has gone.</summary>
static class FilterPins
{
    /// <summary>In a directory that belongs to a process.</summary>
    public const string Alone = "filter";

    /// <summary>In that of one that runs on its own: one for each, called by numbers.</summary>
    public const string Several = "filters";

    const int RecordSize = 64 << 10;

    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static void Write(DirectoryHandle directory, FilterRecord record)
    {
        using var map = ByteMap.Make(record.Write().Span);
        PinDirectory.Pin(directory, Alone, (int)map.DangerousGetHandle());
    }

    /// <summary>All that mean something to this pm.</summary>
    /// <exception cref="BpfException">PM8059: the kernel refused.</exception>
    public static List<FilterRecord> Of(DirectoryHandle directory)
    {
        var found = new List<FilterRecord>();
        foreach (var map in PinDirectory.WrittenIn(directory, Alone, Several, "a filter"))
        {
            using (map)
            {
                if (ByteMap.TryRead(map, RecordSize) is { } bytes && FilterRecord.TryRead(bytes) is { } record)
                {
                    found.Add(record);
                }
            }
        }

        return found;
    }
}
