namespace Pm.Ebpf.Loading;

/// <summary>Takes what readers of maps read.</summary>
public interface IEventSink
{
    /// <summary>One event; the bytes are gone when it returns. What it throws is thrown again where the reader was asked.</summary>
    void Take(ReadOnlySpan<byte> record);

    /// <summary>So many were dropped because nobody read in time.</summary>
    void Lose(ulong count);
}
