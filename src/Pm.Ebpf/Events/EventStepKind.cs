namespace Pm.Ebpf.Events;

enum EventStepKind : byte
{
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,

    /// <summary>Members that are the same in every event; the key has them.</summary>
    Constant,
    Signed,
    Unsigned,
    Boolean,
    Text,
    Float,
    Address,

    /// <summary>Of the network: 4 or 16 bytes.</summary>
    InternetAddress,

    /// <summary>Nanoseconds since the machine was started.</summary>
    Time,
}
