using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>Something that an object expects of the kernel: a function (kfunc), a variable, or a setting that the kernel was built with.</summary>
/// <param name="Name">As the kernel calls it; of a function a flavour may stand behind it.</param>
/// <param name="Section"><c>.ksyms</c> or <c>.kconfig</c>.</param>
/// <param name="Declaration">A variable or function; its target is the type.</param>
/// <param name="IsWeak">The object can do without.</param>
public sealed record ExternalSpec(string Name, string Section, BtfType Declaration, bool IsWeak)
{
    public bool IsFunction => Declaration.Kind is BtfKind.Function;

    /// <summary>Of a function of the kernel its name without what stands behind <c>___</c>: so one source declares it as several kernels have it. Source: essent_name of libbpf.</summary>
    internal string EssentialName => IsFunction && Section == ".ksyms" ? Encoding.UTF8.GetString(CoreNames.Essential(Encoding.UTF8.GetBytes(Name))) : Name;
}
