using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>Which helpers a program may call, held against the verifier: each program is loaded by itself.</summary>
public sealed class HelperTrialTests
{
    static readonly KernelProbe Kernel = new();

    [Theory]
    [InlineData("callers")]
    [InlineData("callers_closed")]
    public void What_is_said_is_what_the_verifier_comes_to(string name)
    {
        RequireKernel();
        // A kind that is refused whatever it calls tells nothing of helpers, and another fault has another name.
        var fits = Fits(name).Where(f => f.Findings.All(x => x.Code == "PM8036")).ToList();

        Assert.NotEmpty(fits);
        Assert.Equal(fits.Select(f => (f.Program.Name, f.Verdict is FitVerdict.Yes)), fits.Select(f => (f.Program.Name, Loads(name, f.Program.Name))));
        Assert.Contains(fits, f => f.Verdict is FitVerdict.Yes);
        Assert.Contains(fits, f => f.Verdict is FitVerdict.No);
    }

    [Fact]
    public void What_is_refused_is_named()
    {
        RequireKernel();

        Assert.Equal("this kernel has no `bpf_override_return` for programs of `tp_btf`", CauseOf("callers", "typed_overrides"));
        Assert.Equal("this kernel has no `bpf_skb_load_bytes` for programs of `xdp`", CauseOf("callers", "packet_reads"));
        Assert.Equal("this kernel has no `bpf_bind` for programs of `cgroup_skb`", CauseOf("callers", "group_packet_binds"));
        Assert.Equal("`bpf_probe_read_kernel` is for programs under the GPL alone, and the object's licence is \"Proprietary\"", CauseOf("callers_closed", "reads"));
    }

    /// <summary>Kinds that a kernel of the trials has not are not asked about, nor what stands for a place that is not there.</summary>
    [Fact]
    public void What_cannot_be_tried_is_not_said()
    {
        RequireKernel();
        var program = SampleObject.Spec("callers").Programs.Single(p => p.Name == "entry_of_none");

        Assert.Null(Kernel.HelperFault(program, 23, "GPL"));
        Assert.Null(Kernel.HelperFault(program with { Hook = program.Hook with { Kind = HookKind.Extension } }, 23, "GPL"));
        Assert.Null(Kernel.HelperFault(program with { Hook = program.Hook with { Target = "nothing_of_the_kind:vfs_open" } }, 23, "GPL"));
    }

    static void RequireKernel()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(Kernel.HasTypes, "this kernel does not say its types");
    }

    static System.Collections.Immutable.ImmutableArray<ProgramFit> Fits(string name) => ObjectFit.Check(
        SampleObject.Bytes(name), SampleObject.Spec(name),
        new KernelFacts(Kernel.Types, KernelSurvey.Glance(Kernel)) { TakesNow = Kernel.Takes, HelperFaultNow = Kernel.HelperFault, HasTracepointNow = Kernel.HasTracepoint, TracepointsNow = () => Kernel.AllTracepoints });

    static string CauseOf(string name, string program) => Assert.Single(Fits(name).Single(f => f.Program.Name == program).Findings).Cause;

    static bool Loads(string name, string program)
    {
        using var opened = BpfObject.Open(SampleObject.Bytes(name), name, null, []);
        foreach (var one in opened.Programs)
        {
            one.IsWanted = one.Name == program;
        }

        try
        {
            opened.Load();
            return true;
        }
        catch (LibBpfException)
        {
            return false;
        }
    }
}
