namespace Pm.Ebpf.Events;

/// <summary>What the type of an event may demand of its decoder.</summary>
public static class EventLimits
{
    /// <summary>Bytes of an event.</summary>
    public const int Size = 1 << 20;

    /// <summary>Values of an event, those in arrays counted one by one.</summary>
    public const int Values = 16_384;

    /// <summary>Steps that write an event; those of an array's element count once.</summary>
    public const int Steps = 8192;

    /// <summary>Bytes of a member's or an enumerator's name.</summary>
    public const int Name = 128;

    /// <summary>Enumerators of all the enumerations together.</summary>
    public const int Enumerators = 65_536;

    /// <summary>Bits of a bit-field.</summary>
    public const int BitField = 64;
}
