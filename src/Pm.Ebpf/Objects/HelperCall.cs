namespace Pm.Ebpf.Objects;

/// <summary>A call of one of the kernel's helpers.</summary>
/// <param name="Offset">In bytes from the section's begin.</param>
/// <param name="Helper">Its number.</param>
/// <param name="Map">The map that an event is written to, by its place in their list; null for another helper, or where it is not known.</param>
/// <param name="Size">The bytes of the event, or of what an iterator writes; null for another helper, or where a program computes them.</param>
readonly record struct HelperCall(int Offset, int Helper, int? Map, int? Size)
{
    public const int PerfEventOutput = 25;
    public const int WriteText = 126;
    public const int WriteRecord = 127;
    public const int RingBufferOutput = 130;
    public const int RingBufferReserve = 131;

    public bool WritesEvent => Helper is PerfEventOutput or RingBufferOutput or RingBufferReserve;
}
