namespace Pm.Trust.Tuf;

/// <summary>Something that signs metadata for a role.</summary>
public interface ISigner
{
    /// <summary>What verifies its signatures.</summary>
#pragma warning disable CA1716 // A reserved word of other languages, in which nobody signs.
    TufKey Public { get; }
#pragma warning restore CA1716

    byte[] Sign(ReadOnlySpan<byte> message);
}
