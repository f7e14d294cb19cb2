using System.Collections.Immutable;

namespace Pm.Ebpf.Eunomia;

/// <summary>A struct that events have.</summary>
/// <param name="Name">Without <c>struct</c>.</param>
/// <param name="Id">Its number in the object's type information.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Members">Their names and types in C's words.</param>
public sealed record EunomiaType(string Name, int Id, int Size, ImmutableArray<(string Name, string Type)> Members);
