using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Headers;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>What pm says of an object and a kernel, and what libbpf and the kernel then do.</summary>
[Collection(LoopbackInterface.Name)]
public class ObjectFitTests
{
    static readonly KernelProbe Kernel = new();

    /// <summary>What fitting.bpf.c is told by the types of kernel.bpf.c: null where it runs.</summary>
    static readonly Dictionary<string, string?> Expected = new()
    {
        ["moved"] = null,
        ["without_name"] = null,
        ["gone"] = "field `pm_thing.gone` does not exist in this kernel",
        ["changed"] = "field `pm_thing.changed` does not exist in this kernel",
        ["element"] = null,
        ["beyond"] = "field `pm_thing.list[9]` does not exist in this kernel",
        ["absent"] = "type `pm_absent`, of which `pm_absent.field` is read, does not exist in this kernel",
        ["guarded"] = null,
        ["guarded_by_type"] = null,
        ["guarded_by_size"] = null,
        ["guarded_wrongly"] = "field `pm_thing.gone` does not exist in this kernel",
        ["either"] = null,
        ["neither"] = "field `pm_thing.gone` does not exist in this kernel",
        ["at_a_time"] = "field `pm_thing.gone` does not exist in this kernel",
        ["by_flag"] = null,
        ["by_default"] = "field `pm_thing.gone` does not exist in this kernel",
        ["value"] = null,
        ["no_value"] = "enumerator `pm_level.PM_NEWEST` does not exist in this kernel",
        ["guarded_by_value"] = null,
        ["ambiguous"] = "the kernel has several types `pm_twice`, which differ",
        ["bits"] = null,
        ["through_a_function"] = "field `pm_thing.gone` does not exist in this kernel",
        ["guarded_function"] = null,
        ["through_a_global_function"] = "field `pm_thing.gone` does not exist in this kernel",
        ["weak_function"] = null,
        ["guarded_helper"] = null,
    };

    [Fact]
    public void What_is_asked_of_types_is_answered_as_they_say_and_only_where_it_is_come_to()
    {
        var fits = Fits("fitting", new KernelFacts(Types("kernel"), KernelDescription.Unknown)).Where(f => f.Program.Name != "helper").ToList();

        Assert.Equal(
            Expected.Select(e => $"{e.Key}: {e.Value}").Order(StringComparer.Ordinal),
            fits.Select(f => $"{f.Program.Name}: {string.Join("; ", f.Findings.Where(x => x.Code == "PM8036").Select(x => x.Cause.Split(" (fitting")[0]))}").Order(StringComparer.Ordinal));
        Assert.Contains("(fitting.bpf.c:", fits.Single(f => f.Program.Name == "gone").Findings.Single(f => f.Code == "PM8036").Cause, StringComparison.Ordinal);
    }

    /// <summary>Held against the one who knows: libbpf, given the same types, and the verifier.</summary>
    [Fact]
    public void What_is_said_of_types_is_what_libbpf_and_the_verifier_come_to()
    {
        RequireKernel();
        var path = Path.Join(AppContext.BaseDirectory, $"kernel-{Environment.ProcessId}.btf");
        File.WriteAllBytes(path, ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content.ToArray());
        try
        {
            var (runs, refused) = Run("fitting", new RunOptions { Name = "fitting", TypesPath = path });

            var wrong = Expected.Where(e => e.Value is null ? !runs.Contains(e.Key) : !refused.ContainsKey(e.Key)).Select(e => $"{e.Key}: {refused.GetValueOrDefault(e.Key)?.Cause ?? "runs"}");
            Assert.Empty(wrong);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Every object beside the tests, on the kernel that runs them.</summary>
    [Theory]
    [InlineData("hooks")]
    [InlineData("fitting")]
    [InlineData("opens")]
    [InlineData("executed")]
    [InlineData("several")]
    [InlineData("shapes")]
    [InlineData("nothing")]
    [InlineData("clocked")]
    [InlineData("overheard")]
    [InlineData("walked")]
    [InlineData("arguments")]
    [InlineData("kfuncs")]
    public void What_is_said_of_this_kernel_is_what_it_does(string name)
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs() && KernelProbe.TryMountBpffs() && Kernel.HasTypes, "tracefs or bpffs is not mounted, or the kernel has no types");
        var fits = Fits(name, new KernelFacts(Kernel.Types, KernelSurvey.Describe(Kernel, _ => null))).Where(f => !f.Program.Hook.IsOptional).ToList();
        try
        {
            var (runs, refused) = Run(name, new RunOptions { Name = name, Interface = "lo", MapSizes = name == "several" ? new Dictionary<string, uint> { ["unsized"] = 16 } : new Dictionary<string, uint>() });

            var wrong = fits.Where(f => f.Verdict switch
            {
                FitVerdict.Yes => !runs.Contains(f.Program.Name),
                FitVerdict.No => runs.Contains(f.Program.Name),
                _ => false,
            }).Select(f => $"{f.Program.Name}: said {f.Verdict}, {refused.GetValueOrDefault(f.Program.Name)?.Cause ?? "runs"}");
            Assert.Empty(wrong);

            // Nearly all is known of the kernel that one is on.
            Assert.InRange(fits.Count(f => f.Verdict is FitVerdict.Unknown), 0, fits.Count / 10);
        }
        finally
        {
            File.Delete(KernelProbe.BpffsPath + "/unsized");
        }
    }

    [Fact]
    public void Of_a_kernel_of_which_nothing_is_known_nothing_is_said()
    {
        var fits = Fits("hooks", new KernelFacts(null, KernelDescription.Unknown));

        Assert.DoesNotContain(fits, f => f.Verdict is FitVerdict.No && f.Findings.Any(x => x.Code != "PM8039"));
        Assert.All(fits.Where(f => f.Program.Name is "entered" or "probed" or "typed" or "decided" or "tracepoint"), f => Assert.Equal(FitVerdict.Unknown, f.Verdict));
    }

    [Fact]
    public void Where_a_program_is_attached_may_be_said_later_and_what_the_kernel_has_for_it_is_known()
    {
        var spec = SampleObject.Spec("unplaced");
        var kernel = new KernelFacts(null, new KernelDescription { TypesDigest = "", EventSources = ["uprobe"], Programs = ImmutableSortedDictionary<string, bool>.Empty.Add("raw_tp", true) }) { HasSymbol = _ => false };

        var fits = Fits("unplaced", kernel).ToDictionary(f => f.Program.Name);

        Assert.Equal((FitVerdict.Unknown, "its section does not say which function of which file is meant: `--at called=FILE:FUNCTION[+OFFSET]` does"), (fits["called"].Verdict, fits["called"].Findings[0].Cause));
        Assert.Equal("PM8033 PM8039", string.Join(' ', fits["probed"].Findings.Select(f => f.Code)));
        Assert.Equal(FitVerdict.No, fits["probed"].Verdict);
        var said = ObjectFit.Check(SampleObject.Bytes("unplaced"), spec with { Programs = [.. spec.Programs.Select(p => p.Name == "called" ? p.At("/bin/sh:main") : p)] }, kernel);
        Assert.Equal(FitVerdict.Yes, said.Single(f => f.Program.Name == "called").Verdict);
    }

    [Fact]
    public void A_description_says_what_types_do_not()
    {
        var kernel = KernelDescription.Unknown with
        {
            TypesDigest = "",
            EventSources = ["kprobe"],
            Tracepoints = ["syscalls/sys_enter_openat", "sched/sched_switch"],
            SecurityModules = ["capability", "bpf"],
        };
        var causes = Fits("hooks", new KernelFacts(null, kernel)).ToDictionary(f => f.Program.Name, f => string.Join("; ", f.Findings.Select(x => x.Code)));

        Assert.Equal("", causes["tracepoint"]);
        Assert.Equal("PM8034", causes["no_tracepoint"]);
        Assert.Equal("PM8034", causes["probed"]);
        Assert.Equal("PM8031; PM8034", causes["typed"]);
        Assert.Equal("PM8031; PM8035", causes["decided"]);
    }

    /// <summary>The tracepoint of kernel.bpf.c gives nothing.</summary>
    [Fact]
    public void What_a_hook_does_not_give_is_not_read()
    {
        var fits = Fits("arguments", new KernelFacts(Types("kernel"), KernelDescription.Unknown)).ToDictionary(f => f.Program.Name, f => string.Join("; ", f.Findings.Where(x => x.Code == "PM8036").Select(x => x.Cause)));

        Assert.Equal("`sched_switch` of this kernel gives 0 arguments, and it reads number 1 (arguments.bpf.c:10)", fits["first"]);
        Assert.Equal("`sched_switch` of this kernel gives 0 arguments, and it reads number 10 (arguments.bpf.c:24)", fits["later"]);
        Assert.All((string[])["third", "beyond", "perhaps"], name => Assert.Contains("gives 0 arguments", fits[name], StringComparison.Ordinal));
        Assert.All((string[])["raw", "entered", "returned"], name => Assert.Equal("", fits[name]));
    }

    /// <summary>The kernel loads such a program, and does not attach it.</summary>
    [Fact]
    public void What_lies_past_a_tracepoints_fields_is_not_read()
    {
        var fits = Fits("beyond", new KernelFacts(null, new KernelDescription { Tracepoints = ["sched/sched_switch"] }) { TracepointEndNow = (category, name) => (category, name) is ("sched", "sched_switch") ? 64 : null });

        Assert.Equal(
            ["within: Yes", "past: No PM8037", "just_past: No PM8037", "unwanted: Yes", "perhaps: Unknown PM8037", "told: No PM8037", "raw: Yes"],
            fits.Select(f => $"{f.Program.Name}: {f.Verdict} {f.Findings.FirstOrDefault()?.Code}".TrimEnd()));
        Assert.Equal("it reads past the tracepoint's fields: up to byte 4004, and `sched/sched_switch` of this kernel has 64 (beyond.bpf.c:19)", fits.Single(f => f.Program.Name == "past").Findings[0].Cause);
    }

    [Fact]
    public void What_is_said_of_a_tracepoints_fields_is_what_the_kernel_comes_to()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        var fits = Fits("beyond", new KernelFacts(Kernel.Types, KernelSurvey.Glance(Kernel)) { HasTracepointNow = Kernel.HasTracepoint, TracepointsNow = () => Kernel.AllTracepoints, TracepointEndNow = Kernel.TracepointEnd });

        var (runs, refused) = Run("beyond", new RunOptions { Name = "beyond" });

        Assert.Equal(["past", "just_past", "told"], fits.Where(f => f.Verdict is FitVerdict.No).Select(f => f.Program.Name));
        Assert.All(fits.Where(f => f.Verdict is FitVerdict.No), f => Assert.Equal("PM8037", refused[f.Program.Name].Code));
        Assert.All(fits.Where(f => f.Verdict is FitVerdict.Yes), f => Assert.Contains(f.Program.Name, runs));
    }

    [Theory]
    [InlineData("\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;\n\tfield:__data_loc char[] name;\toffset:24;\tsize:4;\tsigned:0;\n\nprint fmt: \"x\"", 28)]
    [InlineData("\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n", null)]
    [InlineData("name: x", null)]
    public void Where_fields_end_is_read_of_the_last(string format, int? end) => Assert.Equal(end, TracepointFormat.EndOf(format.Split('\n')));

    /// <summary>vfs_open has two, sched_switch three or four.</summary>
    [Fact]
    public void What_a_hook_of_this_kernel_gives_is_known_of_its_types()
    {
        Assert.SkipUnless(Kernel.HasTypes, "this kernel does not say its types");

        var fits = Fits("arguments", new KernelFacts(Kernel.Types, KernelDescription.Unknown)).Where(f => f.Findings.Any(x => x.Cause.Contains("of this kernel gives", StringComparison.Ordinal))).Select(f => f.Program.Name);

        Assert.Equal(["beyond", "later", "perhaps", "entered_beyond", "returned_beyond"], fits);
    }

    /// <summary>Kernels from 6.10 on mark them.</summary>
    [Fact]
    public void A_function_that_is_none_for_programs_is_named()
    {
        Assert.SkipUnless(Kernel.HasTypes && KernelFunctions.Of(Kernel.Types!).Any(), "this kernel does not say which functions are for programs");

        var fits = Fits("kfuncs", new KernelFacts(Kernel.Types, KernelDescription.Unknown)).ToDictionary(f => f.Program.Name, f => string.Join("; ", f.Findings.Where(x => x.Code == "PM8036").Select(x => x.Cause)));

        Assert.Equal("function `schedule` of this kernel is none for programs (kfunc) (kfuncs.bpf.c:17)", fits["forbidden"]);
        Assert.Equal(("", ""), (fits["allowed"], fits["beside"]));
    }

    /// <summary>libbpf 1.3 and later look for them so; of another kernel nobody knows with which it is loaded.</summary>
    [Fact]
    public void Functions_of_the_kernel_are_looked_for_without_their_flavour_where_libbpf_does_so()
    {
        Assert.SkipUnless(Kernel.HasTypes && KernelFunctions.Of(Kernel.Types!).Any(f => f.Name == "bpf_rcu_read_lock"), "this kernel does not say which functions are for programs, or has no bpf_rcu_read_lock");

        Assert.Equal(FitVerdict.Yes, Assert.Single(Fits("flavours", new KernelFacts(Kernel.Types, KernelDescription.Unknown))).Findings.Where(f => f.Code is "PM8036" or "PM8040").Select(f => f.Verdict).DefaultIfEmpty(FitVerdict.Yes).Max());
        Assert.Contains(
            FitFinding.No("PM8040", "this kernel has no function `bpf_rcu_read_lock___old` for programs (kfunc)"),
            Assert.Single(Fits("flavours", new KernelFacts(Kernel.Types, KernelDescription.Unknown) { TakesFlavoursNow = () => false })).Findings);
    }

    [Fact]
    public void Programs_of_structs_that_may_wait_are_taken_by_any_libbpf()
    {
        Assert.SkipUnless(BpfLibrary.TryLoad(), "there is no libbpf");
        var spec = SampleObject.Spec("operations_waiting");

        using var opened = BpfObject.Open(SampleObject.Bytes("operations_waiting"), "waiting", null, [.. HookNumber.OfWaitingOperations(spec)]);

        Assert.Equal(spec.Programs.Select(p => p.Name).Order(), opened.Programs.Select(p => p.Name).Order());
        Assert.Equal(["begin"], HookNumber.OfWaitingOperations(spec).Select(n => n.Program));
    }

    [Fact]
    public void What_a_module_may_have_is_not_known()
    {
        var types = Types("kernel");
        var alone = Fits("hooks", new KernelFacts(types, KernelDescription.Unknown)).Single(f => f.Program.Name == "typed");
        var among = Fits("hooks", new KernelFacts(types, new KernelDescription { Modules = ["btrfs"] })).Single(f => f.Program.Name == "typed");

        Assert.Equal((FitVerdict.No, FitVerdict.Unknown), (alone.Verdict, among.Verdict));
    }

    static void RequireKernel() => Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");

    static ImmutableArray<ProgramFit> Fits(string name, KernelFacts kernel) => ObjectFit.Check(SampleObject.Bytes(name), SampleObject.Spec(name), kernel);

    static BtfFile Types(string name) => BtfFile.Parse(ElfObject.Parse(SampleObject.Bytes(name), name).Find(".BTF")!.Content, name);

    static (HashSet<string> Runs, Dictionary<string, BpfError> Refused) Run(string name, RunOptions options)
    {
        try
        {
            using var running = ObjectStart.Run(SampleObject.Bytes(name), SampleObject.Spec(name), options, Kernel);
            return ([.. running.Attached.Select(p => p.Name)], running.Refused.ToDictionary(e => e.Program!));
        }
        catch (BpfException e)
        {
            return ([], new Dictionary<string, BpfError> { [e.Error.Program ?? ""] = e.Error });
        }
    }
}
