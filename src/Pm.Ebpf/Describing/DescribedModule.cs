using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Describing;

/// <summary>An object of a package.</summary>
/// <param name="Name">Of its module.</param>
/// <param name="Path">Where it lies in the package.</param>
/// <param name="Hash">Of its bytes, as the package's contents have it.</param>
/// <param name="Flags">What it was compiled with besides the usual.</param>
/// <param name="Spec">What it says of itself.</param>
public sealed record DescribedModule(string Name, string Path, string Hash, IReadOnlyList<string> Flags, BpfSpec Spec);
