namespace Pm.Ebpf.Eunomia;

/// <summary>A program of an object.</summary>
/// <param name="Name">That of its function.</param>
/// <param name="Attach">The section that says its hook.</param>
/// <param name="Interface">The number of the network interface for one that looks at packets; 0 where none is said.</param>
public sealed record EunomiaProgram(string Name, string Attach, int Interface = 0);
