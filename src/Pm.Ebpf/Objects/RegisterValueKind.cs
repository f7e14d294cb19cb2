namespace Pm.Ebpf.Objects;

enum RegisterValueKind : byte
{
    Unknown,
    Constant,
    Map,
}
