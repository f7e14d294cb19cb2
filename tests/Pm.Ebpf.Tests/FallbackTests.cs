using System.Collections.Immutable;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Programs that do the same in several ways: the first that the kernel takes is used.</summary>
[Collection(LoopbackInterface.Name)]
public class FallbackTests
{
    static readonly KernelProbe Kernel = new();
    static readonly RunOptions Options = new() { Name = "fallbacks" };

    [Fact]
    public void Only_the_first_that_is_left_is_wanted()
    {
        var search = new FallbackSearch(SampleObject.Spec("fallbacks"));
        Assert.Equal(["entered", "beside"], Wanted(search));

        search.Refuse("entered", Error("entered"));
        Assert.Equal(["probed", "beside"], Wanted(search));

        search.Refuse("probed", Error("probed"));
        search.Refuse("beside", Error("beside"));
        Assert.Equal(["called"], Wanted(search));

        Assert.Equal(["beside"], search.Refused.Select(e => e.Program));
        var choice = Assert.Single(search.Choices);
        Assert.Equal("entered: hook refused (no entered) [PM8035]; hook refused (no probed) [PM8035]; running by tp_btf/sys_enter (called)", choice.ToString());
    }

    [Fact]
    public void When_the_last_is_refused_all_reasons_are_told()
    {
        var search = new FallbackSearch(SampleObject.Spec("hopeless"));
        search.Refuse("beside", Error("beside"));
        search.Refuse("entered", Error("entered"));

        var e = Assert.Throws<BpfException>(() => search.Refuse("probed", Error("probed")));

        Assert.Equal("PM8041", e.Error.Code);
        Assert.EndsWith("do the same can be run here:\n  program `entered` (hook): no entered\n  program `probed` (hook): no probed", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("entered probed", "entered probed")]
    [InlineData("entered probed;probed called beside", "entered probed;probed called beside")]
    [InlineData("entered probed;called probed", "entered probed;called probed")]
    [InlineData("nobody entered;entered beside", "entered beside")]
    [InlineData("entered entered probed", "entered probed")]
    [InlineData("nobody;called", "")]
    [InlineData("", "")]
    public void A_program_may_be_in_several_groups_and_none_is_alone(string said, string expected)
    {
        var spec = SampleObject.Spec("fallbacks") with { Notes = new ObjectNotes { Fallbacks = [.. said.Split(';').Select(g => g.Split(' ').ToImmutableArray())] } };

        Assert.Equal(expected, string.Join(';', FallbackGroups.Of(spec).Select(g => string.Join(' ', g.Select(p => p.Name)))));
    }

    /// <summary>Two parts of one way, and another that does the same as both: it is used as soon as one part is refused, and what is left of them stays.</summary>
    [Fact]
    public void What_several_fall_back_to_is_used_once()
    {
        var spec = SampleObject.Spec("fallbacks") with { Notes = new ObjectNotes { Fallbacks = [["entered", "called"], ["probed", "called"]] } };
        var search = new FallbackSearch(spec);
        Assert.Equal(["entered", "probed"], Wanted());

        search.Refuse("probed", Error("probed"));
        Assert.Equal(["entered", "called"], Wanted());

        search.Refuse("entered", Error("entered"));
        Assert.Equal(["called"], Wanted());
        Assert.Empty(search.Refused);
        Assert.Equal(["called", "called"], search.Choices.Select(c => c.Used.Name));
        Assert.Equal("PM8041", Assert.Throws<BpfException>(() => search.Refuse("called", Error("called"))).Error.Code);

        string[] Wanted() => [.. spec.Programs.Where(p => search.IsGrouped(p.Name) && search.IsWanted(p)).Select(p => p.Name)];
    }

    [Fact]
    public void Where_the_first_is_refused_the_next_runs_and_says_so()
    {
        RequireKernel();
        var spec = SampleObject.Spec("fallbacks");

        using var running = ObjectStart.Run(SampleObject.Bytes("fallbacks"), spec, Options, Kernel);

        Assert.Equal(["called", "beside"], running.Attached.Select(p => p.Name));
        Assert.Empty(running.Refused);
        var choice = Assert.Single(running.Choices);
        Assert.Equal(("called", "PM8035 PM8033"), (choice.Used.Name, string.Join(' ', choice.Refused.Select(e => e.Code))));
        Assert.Equal("PM8035", Assert.Throws<BpfException>(() => ObjectStart.Run(SampleObject.Bytes("fallbacks"), spec, Options with { IsStrict = true }, Kernel)).Error.Code);
    }

    /// <summary>What is attached and not loaded decides, too: a kprobe loads on any kernel.</summary>
    [Fact]
    public void One_that_loads_and_finds_no_hook_has_a_substitute()
    {
        RequireKernel();
        var spec = SampleObject.Spec("hooks") with { Notes = new ObjectNotes { Fallbacks = [["no_raw", "raw"]] } };

        using var running = ObjectStart.Run(SampleObject.Bytes("hooks"), spec, new RunOptions { Name = "hooks", Interface = "lo" }, Kernel);

        Assert.Contains(running.Attached, p => p.Name == "raw");
        Assert.Equal(("raw", "no_raw"), (running.Choices.Single().Used.Name, running.Choices.Single().Refused.Single().Program));
    }

    [Fact]
    public void Where_none_runs_nothing_does()
    {
        RequireKernel();

        var e = Assert.Throws<BpfException>(() => ObjectStart.Run(SampleObject.Bytes("hopeless"), SampleObject.Spec("hopeless"), Options, Kernel));

        Assert.Equal("PM8041", e.Error.Code);
        Assert.Contains("`entered`", e.Message, StringComparison.Ordinal);
        Assert.Contains("`probed`", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_is_judged_by_its_best()
    {
        var kernel = new KernelDescription { EventSources = [], Tracepoints = ["sched/sched_switch", "raw_syscalls/sys_enter", "raw_syscalls/sys_exit"], Programs = KernelDescription.Unknown.Programs.Add("fentry", false) };
        var spec = SampleObject.Spec("fallbacks");
        var fits = ObjectFit.Check(SampleObject.Bytes("fallbacks"), spec, new KernelFacts(null, kernel));
        var group = Assert.Single(GroupFit.Of(spec, fits));

        Assert.Equal(["No", "No", "Unknown", "Unknown"], group.Programs.Select(p => $"{p.Verdict}"));
        Assert.Equal((FitVerdict.Unknown, null), (group.Verdict, group.Used));
        Assert.Equal(FitVerdict.Unknown, GroupFit.Overall(fits, [group]));
        Assert.Equal(FitVerdict.No, GroupFit.Overall(fits, []));
    }

    static void RequireKernel()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(Kernel.TryMountTracefs() && Kernel.HasTypes && Kernel.HasTypedTracepoints, "tracefs is not mounted, or this kernel takes no typed tracepoints");
        Assert.SkipWhen(Kernel.HasTrampolines || Kernel.HasKprobes, "this kernel refuses none of them");
    }

    static BpfError Error(string program) => new("PM8035", "no " + program) { Program = program, Hook = "hook" };

    static IEnumerable<string> Wanted(FallbackSearch search) => SampleObject.Spec("fallbacks").Programs.Where(search.IsWanted).Select(p => p.Name);
}
