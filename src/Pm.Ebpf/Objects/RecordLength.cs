namespace Pm.Ebpf.Objects;

/// <summary>How long the record of an event is when it is read, in bytes: what tells the layouts of one buffer apart.</summary>
public static class RecordLength
{
    /// <summary>A ring buffer keeps a record's length. A perf buffer fills it up, so that it and its length, of 4 bytes, take whole words of 8 (perf_event_open(2), PERF_SAMPLE_RAW).</summary>
    public static long Of(MapKind kind, long size) => kind is MapKind.PerfEventArray ? ((size + 4 + 7) & ~7) - 4 : size;
}
