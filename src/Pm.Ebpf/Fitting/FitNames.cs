using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;

namespace Pm.Ebpf.Fitting;

/// <summary>The names that are looked for among a kernel's types to say whether it runs an object. One that is forgotten here is found all the same, and takes longer.</summary>
static class FitNames
{
    static readonly string[] Always =
    [
        "bpf_map_type", "bpf_func_id", "bpf_prog_type", "bpf_attach_type", "bpf_link_type", "register_kprobe", "uprobe_register", "register_fprobe", "bpf_kprobe_multi_link_attach",
        "within_error_injection_list", "register_btf_fmodret_id_set", "bpf_struct_ops_link",
        .. TrialKind.All.Select(k => k.TargetType?.Name).OfType<string>(),
    ];

    public static IEnumerable<string> Of(BpfSpec spec) => Always
        .Concat((spec.Extension?.Relocations ?? []).Select(r => r.Type).Distinct().Select(t => Encoding.UTF8.GetString(CoreNames.Essential(t.NameBytes()))))
        .Concat(spec.Externals.Select(e => e.Name))
        .Concat(spec.Programs.SelectMany(OfHook))
        .Concat(spec.Operations.SelectMany(o => (string[])[o.Type, OperationsFit.Wrapped + o.Type]));

    static IEnumerable<string> OfHook(ProgramSpec program) => program.Hook.Kind switch
    {
        _ when FunctionPlace.Of(program.Hook) is { } place => [place.Function],
        HookKind.Tracepoint or HookKind.RawTracepoint or HookKind.TypedTracepoint => [KernelFacts.TracepointType + program.Hook.Target.Split('/')[^1]],
        HookKind.Lsm or HookKind.LsmCgroup => ["bpf_lsm_" + program.Hook.Target],
        HookKind.Iterator => ["bpf_iter_" + program.Hook.Target],
        HookKind.MapIterator => ["bpf_iter_" + program.Section.Split('/')[^1]],
        HookKind.Ksyscall or HookKind.Kretsyscall => KernelFacts.SystemCallPrefixes.Select(p => p + program.Hook.Target),
        _ => [],
    };
}
