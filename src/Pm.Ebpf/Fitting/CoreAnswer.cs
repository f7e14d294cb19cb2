namespace Pm.Ebpf.Fitting;

/// <summary>What a kernel's types say to a relocation.</summary>
/// <param name="Value">What the instruction gets; null where there is nothing: then it must not be reached.</param>
/// <param name="Fault">Why there is nothing, or why libbpf refuses to decide; null where there is a value.</param>
/// <param name="IsFatal">libbpf refuses the whole program, whether the instruction is reached or not.</param>
/// <param name="IsOtherSize">The field has another size here: an instruction that reads or writes it by its size must not be reached.</param>
/// <param name="Modules">The modules that have the type; null for the kernel's own, and where there is nothing.</param>
/// <param name="IsOpen">A module of which the types are not known may have what is not there.</param>
readonly record struct CoreAnswer(long? Value, string? Fault = null, bool IsFatal = false, bool IsOtherSize = false, IReadOnlyList<string>? Modules = null, bool IsOpen = false)
{
    public static CoreAnswer Absent(string fault) => new(null, fault);

    public static CoreAnswer Fatal(string fault) => new(null, fault, IsFatal: true);
}
