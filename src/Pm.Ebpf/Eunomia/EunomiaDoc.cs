namespace Pm.Ebpf.Eunomia;

/// <summary>What the author says of a program. Each is null where nothing is said.</summary>
public sealed record EunomiaDoc(string? Version = null, string? Brief = null, string? Details = null, string? Description = null);
