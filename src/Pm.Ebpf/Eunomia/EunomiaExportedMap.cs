using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Eunomia;

/// <summary>A map whose events are shown.</summary>
/// <param name="Map">The map.</param>
/// <param name="Decoder">How they are written.</param>
/// <param name="Stack">Where they are stacks; null: they are not.</param>
public sealed record EunomiaExportedMap(MapSpec Map, EventDecoder Decoder, StackLayout? Stack);
