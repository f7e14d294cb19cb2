namespace Pm.Ebpf.Events;

enum EventStepKind : byte
{
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    Signed,
    Unsigned,
    Boolean,
    Text,
    Float,
    Address,
}
