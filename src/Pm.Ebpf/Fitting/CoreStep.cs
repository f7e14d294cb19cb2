using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>One step of the path to a field: into a member that has a name, or to an element of an array.</summary>
/// <param name="Holder">The struct or union that has the member, or the type of the element.</param>
/// <param name="Index">Which of its members or elements.</param>
/// <param name="Name">The member's; null for an element.</param>
readonly record struct CoreStep(BtfType Holder, int Index, string? Name);
