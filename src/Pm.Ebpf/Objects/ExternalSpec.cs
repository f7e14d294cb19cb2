using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>Something that an object expects of the kernel: a function (kfunc), a variable, or a setting that the kernel was built with.</summary>
/// <param name="Name">As the kernel calls it.</param>
/// <param name="Section"><c>.ksyms</c> or <c>.kconfig</c>.</param>
/// <param name="Declaration">A variable or function; its target is the type.</param>
/// <param name="IsWeak">The object can do without.</param>
public sealed record ExternalSpec(string Name, string Section, BtfType Declaration, bool IsWeak)
{
    public bool IsFunction => Declaration.Kind is BtfKind.Function;
}
