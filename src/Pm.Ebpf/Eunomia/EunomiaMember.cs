namespace Pm.Ebpf.Eunomia;

/// <summary>A member that a package picks out of an event.</summary>
/// <param name="Name">What it is to be called; any text.</param>
/// <param name="Offset">Bytes from the begin of the event.</param>
/// <param name="Type">The number of its type in the object's type information.</param>
public sealed record EunomiaMember(string Name, int Offset, int Type);
