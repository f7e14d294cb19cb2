namespace Pm.Ebpf.Fitting;

/// <summary>Something that a function comes to and that depends on the kernel.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Section">The section that it stands in; of a function that is called, the one that this lies in.</param>
/// <param name="Offset">In bytes from the section's begin; of a function that is called, its own.</param>
/// <param name="Number">Of a helper.</param>
/// <param name="Name">Of what is expected of the kernel by name, or what a relocation lacks.</param>
readonly record struct Reached(ReachedKind Kind, int Section, int Offset, int Number = 0, string Name = "");
