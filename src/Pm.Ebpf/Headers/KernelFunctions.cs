using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>The functions of a kernel that eBPF programs may call by name. Source: Documentation/bpf/kfuncs.rst.</summary>
public static class KernelFunctions
{
    const string Tag = "bpf_kfunc";

    /// <summary>In the order of the file, each once.</summary>
    public static IEnumerable<BtfType> Of(BtfFile types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return types.Types.Where(t => t.Kind is BtfKind.DeclarationTag && t.Component < 0 && t.Target.Kind is BtfKind.Function && t.Name == Tag)
            .Select(t => t.Target).DistinctBy(f => f.Name);
    }
}
