using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Each row of the table of docs/ebpf.md: what libbpf 1.1 and Linux 6.18 said, as it was seen, and what pm says. Kernels that this one is not are simulated.</summary>
public class BpfTranslationTests
{
    static readonly ProcessCapabilities All = new(ulong.MaxValue);
    static readonly ProcessCapabilities None = new(0);

    static readonly BtfFile Types = BtfFile.Parse(ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content, "kernel.o");

    [Fact]
    public void Without_capabilities_these_are_named_and_not_the_limit_of_memory()
    {
        var error = Of("hooks", new KernelProbe(None, Types, true, true)).OfMachine(hasOwnTypes: false)!;

        Assert.Equal(("PM8030", "eBPF needs root or CAP_BPF and CAP_PERFMON (have: none)", "`sudo pm run …`"), (error.Code, error.Cause, error.Hint));
        Assert.Equal("PM8030", Of("hooks", new KernelProbe(new(1ul << ProcessCapabilities.Bpf), Types, true, true)).OfMachine(false)?.Code);
        Assert.Null(Of("hooks", new KernelProbe(new(1ul << ProcessCapabilities.Bpf | 1ul << ProcessCapabilities.PerformanceMonitoring), Types, true, true)).OfMachine(false));
    }

    [Fact]
    public void Without_types_of_the_kernel_an_object_that_needs_them_is_refused_and_another_is_not()
    {
        var kernel = new KernelProbe(All, null, true, true);

        Assert.Equal("PM8031", Of("fitting", kernel).OfMachine(hasOwnTypes: false)?.Code);
        Assert.Equal("`pm run --btf FILE …`", Of("fitting", kernel).OfMachine(hasOwnTypes: false)?.Hint);
        Assert.Null(Of("fitting", kernel).OfMachine(hasOwnTypes: true));
        Assert.Null(Of("opens", kernel).OfMachine(hasOwnTypes: false));
    }

    /// <summary>The kernel looks for their places among its own types: to say a file would send people round in a circle.</summary>
    [Theory]
    [InlineData("typed", true)]
    [InlineData("entered", true)]
    [InlineData("decided", true)]
    [InlineData("walked", true)]
    [InlineData("raw", false)]
    public void Without_types_of_the_kernel_typed_programs_have_no_place(string program, bool isRefused)
    {
        var error = Of("hooks", new KernelProbe(All, null, true, true)).OfHook(Program("hooks", program));

        Assert.Equal(isRefused ? "PM8031" : null, error?.Code);
        Assert.Equal(isRefused, error?.Hint?.StartsWith("no file helps", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Without_tracefs_the_command_that_mounts_it_is_said()
    {
        var error = Of("hooks", Simulated).OfHook(Program("hooks", "tracepoint"))!;

        Assert.Equal(("PM8032", "tracefs is not mounted", "`sudo mount -t tracefs tracefs /sys/kernel/tracing`"), (error.Code, error.Cause, error.Hint));
        Assert.Null(Of("hooks", Simulated).OfHook(Program("hooks", "raw")));
    }

    [Fact]
    public void A_tracepoint_that_is_not_there_has_near_names()
    {
        var kernel = new KernelProbe();
        Assert.SkipUnless(kernel.Tracefs is not null, "tracefs is not mounted");

        var error = Of("hooks", kernel).OfHook(Program("hooks", "no_tracepoint"))!;

        Assert.Equal("PM8034", error.Code);
        Assert.StartsWith("this kernel has no tracepoint `syscalls/sys_enter_opennat`; did you mean `sys_enter_openat`", error.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("probed", "this kernel has no kprobes (CONFIG_KPROBES); needs: do_unlinkat")]
    [InlineData("returned", "this kernel has no kprobes (CONFIG_KPROBES); needs: do_unlinkat")]
    [InlineData("called", "this kernel has no kprobes (CONFIG_KPROBES); needs: unlinkat")]
    [InlineData("many", "this kernel has no kprobes (CONFIG_KPROBES); needs: do_unlink*")]
    public void Without_kprobes_what_needs_them_says_which_function(string program, string cause)
    {
        var error = Of("hooks", Simulated).OfHook(Program("hooks", program))!;

        Assert.Equal(("PM8033", cause), (error.Code, error.Cause));
        Assert.Null(Of("hooks", new KernelProbe(All, Types, true, true)).OfHook(Program("hooks", program)));
    }

    [Theory]
    [InlineData("entered", "this kernel refuses fentry, fexit and lsm programs (trampolines disabled)")]
    [InlineData("decided", "this kernel refuses lsm programs (trampolines disabled)")]
    public void Refused_trampolines_are_named_and_not_the_limit_of_memory(string program, string cause)
    {
        var log = $"""
            libbpf: prog '{program}': BPF program load failed: Operation not permitted
            libbpf: permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB
            libbpf: prog '{program}': failed to load: -1

            """;

        var error = Of("hooks", Simulated).OfLoad(new LibBpfException("bpf_object__load", Errno.EPERM, log), NoSizes);

        Assert.Equal(("PM8035", program), (error.Code, error.Program));
        Assert.StartsWith(cause, error.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("ulimit", error.ToString() + error.Hint, StringComparison.Ordinal);

        // Where trampolines work, it is the process that may not.
        Assert.Equal("PM8030", Of("hooks", new KernelProbe(All, Types, true, true)).OfLoad(new LibBpfException("bpf_object__load", Errno.EPERM, log), NoSizes).Code);
    }

    [Theory]
    [InlineData("no_entered", "libbpf: prog 'no_entered': failed to find kernel BTF type ID of 'pm_no_such_function': -3\n", "this kernel has no function `pm_no_such_function` to trace (renamed or inlined?)")]
    [InlineData("no_typed", "libbpf: prog 'no_typed': failed to find kernel BTF type ID of 'pm_no_such_tracepoint': -3\n", "this kernel has no tracepoint `pm_no_such_tracepoint`")]
    public void What_types_do_not_name_is_not_there(string program, string log, string cause)
    {
        var error = Of("hooks", Simulated).OfLoad(new LibBpfException("bpf_object__load", 3, log), NoSizes);

        Assert.Equal(("PM8034", program, cause), (error.Code, error.Program, error.Cause));
    }

    [Theory]
    [InlineData("no_entered", "libbpf: prog 'no_entered': failed to find kernel BTF type ID of 'pm_no_such_function': -3\n")]
    [InlineData("probed", "libbpf: prog 'probed': BPF program load failed: Invalid argument\n")]
    public void A_function_of_a_module_that_is_not_loaded_is_named_with_what_loads_it(string program, string log)
    {
        var kernel = new KernelProbe(All, Types, true, true, symbols: "0 t vfs_open\n", moduleSymbols: "alias symbol:pm_other other\nalias symbol:pm_no_such_function pm_module\nalias symbol:do_unlinkat pm_module\n");

        var error = Of("hooks", kernel).OfLoad(new LibBpfException("bpf_object__load", 3, log), NoSizes);

        Assert.Equal(("PM8034", program, "`sudo modprobe pm_module`"), (error.Code, error.Program, error.Hint));
        Assert.EndsWith("to trace: module `pm_module` has it, which is not loaded", error.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_without_types_is_there()
    {
        var kernel = new KernelProbe(All, Types, true, true, symbols: "0 t pm_no_such_function\n", moduleSymbols: "alias symbol:pm_no_such_function pm_module\n");

        var error = Of("hooks", kernel).OfLoad(new LibBpfException("bpf_object__load", 3, "libbpf: prog 'no_entered': failed to find kernel BTF type ID of 'pm_no_such_function': -3\n"), NoSizes);

        Assert.Equal(("PM8034", "this kernel has function `pm_no_such_function`, and no types of it"), (error.Code, error.Cause));
    }

    [Fact]
    public void Modules_that_may_not_be_looked_into_are_named_and_not_trampolines()
    {
        const string log = "libbpf: failed to iterate BTF objects: -1\nlibbpf: prog 'entered': relo #0: target candidate search failed for [13] struct mddev: -1\n";

        var error = Of("hooks", Simulated).OfLoad(new LibBpfException("bpf_object__load", Errno.EPERM, log), NoSizes);

        Assert.Equal(("PM8030", "entered"), (error.Code, error.Program));
        Assert.Contains("to look into its modules needs CAP_SYS_ADMIN", error.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_for_programs_that_is_not_there_is_named_and_no_extern()
    {
        var failure = new LibBpfException("bpf_object__load", 3, "libbpf: extern (func ksym) 'pm_no_kfunc': not found in kernel or module BTFs\nlibbpf: failed to load object 'modular'\n");

        Assert.Equal(("PM8040", "this kernel has no function `pm_no_kfunc` for programs (kfunc)"), Of("modular", Simulated).OfLoad(failure, NoSizes) is var error ? (error.Code, error.Cause) : default);
        Assert.Equal("`sudo modprobe other`", Of("modular", new KernelProbe(All, Types, true, true, symbols: "0 t x\n", moduleSymbols: "alias symbol:pm_no_kfunc other\n")).OfLoad(failure, NoSizes).Hint);
    }

    [Fact]
    public void A_directory_that_is_no_control_group_is_named()
    {
        var error = Of("packets", Simulated).OfAttach(Program("packets", "grouped"), new LibBpfException("bpf_program__attach_cgroup", Errno.EBADF, "libbpf: prog 'grouped': failed to attach to cgroup: Bad file descriptor\n"));

        Assert.Equal(("PM8039", "the directory that is given for it is no control group (cgroup2)"), (error.Code, error.Cause));
    }

    [Fact]
    public void A_section_that_libbpf_does_not_know_is_named_and_not_what_it_says_before()
    {
        const string log = """
            libbpf: elf: skipping unrecognized data section(8) .pm.types
            libbpf: prog 'moved': missing BPF prog type, check ELF section name 'len_hist'
            libbpf: prog 'moved': failed to load: -22

            """;

        var error = Of("fitting", Simulated).OfLoad(new LibBpfException("bpf_object__load", 22, log), NoSizes);

        Assert.Equal(("PM8039", "its section `raw_tp/sched_switch` does not say what it is"), (error.Code, error.Cause));
        Assert.Equal("prog 'moved': missing BPF prog type, check ELF section name 'len_hist'", LibBpfText.Last(new LibBpfException("load", 22, log)));
    }

    [Fact]
    public void A_field_that_is_not_there_is_named_and_not_the_poison_in_its_place()
    {
        const string log = """
            libbpf: prog 'gone': BPF program load failed: Invalid argument
            libbpf: prog 'gone': -- BEGIN PROG LOAD LOG --
            ; READ(t->gone);
            5: <invalid CO-RE relocation>
            failed to resolve CO-RE relocation <byte_off> [6] struct pm_thing___here.gone (0:2 @ offset 16)
            invalid func unknown#195896080
            processed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            -- END PROG LOAD LOG --

            """;

        var error = Of("fitting", Simulated).OfLoad(new LibBpfException("bpf_object__load", 22, log), NoSizes);

        Assert.Equal(("PM8036", "gone", "field `pm_thing.gone` does not exist in this kernel", log), (error.Code, error.Program, error.Cause, error.Log));
    }

    [Fact]
    public void A_verdict_has_the_line_of_source_and_the_whole_on_demand()
    {
        const string log = """
            libbpf: prog 'moved': BPF program load failed: Permission denied
            libbpf: prog 'moved': -- BEGIN PROG LOAD LOG --
            ; return *(int *)0; @ x.bpf.c:9
            R2 !read_ok
            processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            -- END PROG LOAD LOG --

            """;

        var error = Of("fitting", Simulated).OfLoad(new LibBpfException("bpf_object__load", 13, log), NoSizes);

        Assert.Equal(("PM8036", "the verifier refuses it: R2 !read_ok (x.bpf.c:9: `return *(int *)0;`)", "`pm run -v …` shows all that the verifier says"), (error.Code, error.Cause, error.Hint));
    }

    [Fact]
    public void Lines_of_source_that_are_empty_say_nothing()
    {
        const string log = """
            libbpf: elf: skipping unrecognized data section(8) .pm.notes
            libbpf: prog 'moved': BPF program load failed: Permission denied
            libbpf: prog 'moved': -- BEGIN PROG LOAD LOG --
            ; 
            R2 !read_ok
            -- END PROG LOAD LOG --

            """;

        Assert.Equal("the verifier refuses it: R2 !read_ok", Of("fitting", Simulated).OfLoad(new LibBpfException("bpf_object__load", 13, log), NoSizes).Cause);
    }

    [Theory]
    [InlineData(13, "libbpf: prog 'tracepoint': failed to create BPF link for perf_event FD 47: -13 (Permission denied)\n", "PM8037", "it reads past the tracepoint's fields")]
    [InlineData(13, "libbpf: failed to determine tracepoint 'syscalls/sys_enter_openat' perf event ID: Permission denied\n", "PM8030", "the number of the tracepoint may not be read: that needs CAP_DAC_READ_SEARCH")]
    [InlineData(95, "libbpf: prog 'tracepoint': failed to attach: Operation not supported\n", "PM8039", "its section does not say where it is to be attached")]
    public void What_is_loaded_and_not_attached_says_why(int errno, string log, string code, string cause)
    {
        var error = Of("hooks", Simulated).OfAttach(Program("hooks", "tracepoint"), new LibBpfException("bpf_program__attach", errno, log));

        Assert.Equal((code, cause, log), (error.Code, error.Cause, error.Log));
    }

    [Theory]
    [InlineData(2, "ffffffff81000000 T do_unlinkat\n", "this kernel has no function `do_unlinkat_` to trace (renamed or inlined?)")]
    [InlineData(99, "ffffffff81000000 T do_unlinkat_x\n0000000000000000 d do_unlinkat_\n", "this kernel has no function `do_unlinkat_` to trace (renamed or inlined?)")]
    [InlineData(22, "ffffffff81000000 T do_unlinkat_\n", "function `do_unlinkat_` of this kernel may not be traced there (/sys/kernel/debug/kprobes/blacklist)")]
    [InlineData(22, "0000000000000000 t do_unlinkat_\t[module]\n", "function `do_unlinkat_` of this kernel may not be traced there (/sys/kernel/debug/kprobes/blacklist)")]
    public void A_function_where_no_breakpoint_can_be_is_not_there_or_not_allowed(int errno, string symbols, string cause)
    {
        const string log = "libbpf: prog 'probed': failed to create kprobe 'do_unlinkat_+0x0' perf event: …\n";
        var program = Program("hooks", "probed");
        program = program with { Hook = program.Hook with { Target = "do_unlinkat_" } };

        var error = Of("hooks", new KernelProbe(All, Types, true, true, symbols)).OfAttach(program, new LibBpfException("bpf_program__attach", errno, log));

        Assert.Equal(("PM8034", log), (error.Code, error.Log));
        Assert.StartsWith(cause, error.Cause, StringComparison.Ordinal);

        // Where the kernel's names are not known, nothing is said of them.
        Assert.Equal("PM8039", Of("hooks", new KernelProbe(All, Types, true, true)).OfAttach(program, new LibBpfException("bpf_program__attach", errno, log)).Code);
    }

    [Theory]
    [InlineData("called", "which function of which file is meant", "called=/bin/bash:readline")]
    [InlineData("returned", "which function of which file is meant", "returned=/bin/bash:readline")]
    [InlineData("traced", "which tracepoint is meant", "traced=sched/sched_switch")]
    [InlineData("raw", "which tracepoint is meant", "raw=sched_switch")]
    [InlineData("typed", "which tracepoint is meant", "typed=sched_switch")]
    [InlineData("probed", "which function is meant", "probed=do_unlinkat")]
    [InlineData("entered", "which function is meant", "entered=do_unlinkat")]
    public void A_program_without_a_target_is_told_which_option_says_it(string program, string question, string option)
    {
        var error = Of("unplaced", Simulated).OfHook(Program("unplaced", program))!;

        Assert.Equal(("PM8039", $"`pm run --at {option} …`"), (error.Code, error.Hint));
        Assert.StartsWith($"its section does not say {question}: `--at {program}=", error.Cause, StringComparison.Ordinal);
        Assert.NotEqual("PM8039", Of("unplaced", Simulated).OfHook(Program("unplaced", program).At(option[(option.IndexOf('=', StringComparison.Ordinal) + 1)..]))?.Code);
    }

    [Fact]
    public void What_ends_with_its_process_does_not_run_on()
    {
        var error = Of("hooks", Simulated).OfHook(Program("hooks", "filtered"), runsOn: true)!;

        Assert.Equal(("PM8057", "it looks through a socket, which ends with the process that has it"), (error.Code, error.Cause));
        Assert.Null(Of("hooks", Simulated).OfHook(Program("hooks", "filtered")));
        Assert.Null(Of("hooks", Simulated).OfHook(Program("hooks", "counted"), runsOn: true));
    }

    [Theory]
    [InlineData("/bin/bash:readlin", "libbpf: elf: failed to find symbol 'readlin' in '/bin/bash'\n", "`/bin/bash` has no function `readlin` that it gives a name")]
    [InlineData("nolib.so:f", "libbpf: prog 'called': failed to resolve full path for 'nolib.so': -2\n", "there is no program or library `nolib.so`")]
    [InlineData("/no/file:f", "libbpf: elf: failed to open /no/file: No such file or directory\n", "there is no program or library `/no/file`")]
    public void A_file_without_the_function_is_named(string target, string log, string cause)
    {
        var error = Of("unplaced", Simulated).OfAttach(Program("unplaced", "called").At(target), new LibBpfException("bpf_program__attach_uprobe_opts", Errno.ENOENT, log));

        Assert.Equal(("PM8039", cause, $"uprobe/{target}", log), (error.Code, error.Cause, error.Hook, error.Log));
    }

    /// <summary>What Debian's Linux 6.1 said: it has no CONFIG_FPROBE.</summary>
    [Theory]
    [InlineData("many", "do_unlink*", 95, "", "PM8033", "this kernel cannot trace many functions at once (CONFIG_FPROBE)")]
    [InlineData("many_done", "pm_*", Errno.ENOENT, "", "PM8034", "this kernel has no function to trace that `pm_*` stands for")]
    [InlineData("called", "nothing", Errno.ENOENT, "libbpf: prog 'called': failed to create kprobe '__x64_sys_nothing+0x0' perf event: No such file or directory\n", "PM8034", "this kernel has no system call `nothing`")]
    [InlineData("marked", "/bin/x:pm:nothing", Errno.ENOENT, "", "PM8039", "`/bin/x` has no mark `pm:nothing`")]
    [InlineData("marked", "/bin/busybox:pm:nothing", Errno.ENOENT, "libbpf: usdt: no USDT notes section (.note.stapsdt) found in '/bin/busybox'\n", "PM8039", "`/bin/busybox` has no mark `pm:nothing`")]
    [InlineData("marked", "/bin/x:pm:nothing", Errno.ENOENT, "libbpf: usdt: failed to open ELF binary '/bin/x': -2\n", "PM8039", "there is no program or library `/bin/x`")]
    [InlineData("marked", "/script.sh:pm:nothing", Errno.EINVAL, "libbpf: usdt: unrecognized ELF kind 0 for '/script.sh'\n", "PM8039", "`/script.sh` is no program or library")]
    public void What_is_not_there_to_be_attached_to_is_named(string program, string target, int errno, string log, string code, string cause)
    {
        var error = Of("aimed", Simulated).OfAttach(Program("aimed", program).At(target), new LibBpfException("bpf_program__attach", errno, log));

        Assert.Equal((code, cause, log), (error.Code, error.Cause, error.Log));
    }

    /// <summary>The kernel was asked without libbpf.</summary>
    [Theory]
    [InlineData("aimed", "many", "do_unlink*", Errno.EOPNOTSUPP, "PM8033", "this kernel cannot trace many functions at once (CONFIG_FPROBE)")]
    [InlineData("passages", "filtered", "ip4:local-in:3", Errno.EBUSY, "PM8039", "another program is at `ip4:local-in:3` with that priority")]
    [InlineData("passages", "filtered", "ip6:local-in", 97, "PM8039", "this machine has no ip6")]
    public void What_the_kernel_says_to_newer_links_is_told(string sample, string program, string target, int errno, string code, string cause)
    {
        var error = Of(sample, Simulated).OfAttach(Program(sample, program).At(target), new SystemCallException("bpf", errno));

        Assert.Equal((code, cause), (error.Code, error.Cause));
    }

    /// <summary>The types are of a kernel that has nothing of it.</summary>
    [Theory]
    [InlineData("crowds", "both_of_file", "/bin/x:y*", "PM8033", "this kernel has no programs for both ends of functions of a file (uprobe.session, Linux 6.13)")]
    [InlineData("crowds", "waiting", "/bin/x:y*", "PM8033", "this kernel has no programs for many functions of a file (uprobe.multi, Linux 6.6)")]
    [InlineData("passages", "filtered", "ip4:local-in", "PM8039", "this kernel has no programs of netfilter (CONFIG_NETFILTER_BPF_LINK, Linux 6.4)")]
    [InlineData("passages", "peer", null, "PM8039", "this kernel has no programs of netkit (CONFIG_NETKIT, Linux 6.7)")]
    public void A_hook_that_is_younger_than_the_kernel_is_named_before_it_is_tried(string sample, string name, string? target, string code, string cause)
    {
        var program = target is null ? Program(sample, name) : Program(sample, name).At(target);

        var error = Of(sample, Simulated).OfHook(program);

        Assert.Equal((code, cause), (error?.Code, error?.Cause));
        Assert.Equal(FitVerdict.No, NewerHooks.Check(program, new KernelFacts(Simulated.Types, KernelDescription.Unknown))?.Verdict);
        Assert.Equal(FitVerdict.Unknown, NewerHooks.Check(program, new KernelFacts(null, KernelDescription.Unknown))?.Verdict);
    }

    [Fact]
    public void A_security_decision_that_is_not_there_is_called_one()
    {
        var error = Of("aimed", Simulated).OfAim(Program("aimed", "decided").At("nothing"), new LibBpfException("bpf_program__set_attach_target", Errno.ESRCH, "libbpf: prog 'decided': failed to find kernel BTF type ID of 'bpf_lsm_nothing': -3\n"));

        Assert.Equal(("PM8034", "this kernel has no security decision `nothing`"), (error.Code, error.Cause));
    }

    [Fact]
    public void A_function_of_a_module_is_looked_for_before_it_is_tried()
    {
        var program = Program("hooks", "entered").At("pm_first:pm_nothing");

        Assert.Equal(("PM8034", "module `pm_first` is not loaded (`modprobe pm_first`), or there is none"), Of("hooks", new KernelProbe(All, Types, true, true, modules: new ModuleTypes(Types, []))).OfHook(program) is { } error ? (error.Code, error.Cause) : default);
        Assert.Null(Of("hooks", Simulated).OfHook(Program("hooks", "entered").At("do_unlinkat")));
    }

    [Theory]
    [InlineData(Errno.EPERM, "PM8030")]
    [InlineData(97, "PM8039")]
    public void Where_the_kernel_was_asked_without_libbpf_its_word_counts(int errno, string code) =>
        Assert.Equal(code, Of("hooks", Simulated).OfAttach(Program("hooks", "filtered"), new SystemCallException("socket", errno)).Code);

    [Fact]
    public void What_pm_attaches_nowhere_says_why()
    {
        var program = Program("hooks", "counted");

        Assert.Equal("it stands in no struct of operations (`SEC(\".struct_ops\")`)", Of("hooks", Simulated).OfHook(In("struct_ops/ssthresh"))?.Cause);
        Assert.Equal("its section does not say which program has the function: `--at counted=PROGRAM[:FUNCTION]` does", Of("hooks", Simulated).OfHook(In("freplace/answer"))?.Cause);
        Assert.Equal("its section does not say what it does for sockets (`sk_skb/stream_parser`, `sk_skb/stream_verdict`, `sk_skb/verdict`)", Of("hooks", Simulated).OfHook(In("sk_skb"))?.Cause);
        Assert.Equal("pm attaches no programs of `lirc_mode2`", Of("hooks", Simulated).OfHook(In("lirc_mode2"))?.Cause);

        ProgramSpec In(string section) => program with { Section = section, Hook = ProgramHook.Parse(section) };
    }

    [Theory]
    [InlineData("bpf_obj_get", Errno.ENOENT, "", "there is no program `/sys/fs/bpf/x`")]
    [InlineData("bpf_obj_get", Errno.EPERM, "", "`/sys/fs/bpf/x` is nothing that is pinned, or this process may not look at it (have: ")]
    [InlineData("bpf_obj_get", Errno.EINVAL, "", "`/sys/fs/bpf/x` is no program, and holds none")]
    [InlineData("bpf_program__set_attach_target", Errno.ENOENT, "libbpf: answer is not found in prog's BTF\n", "program `/sys/fs/bpf/x` has no function `answer`")]
    [InlineData("bpf_program__set_attach_target", Errno.EINVAL, "libbpf: The target program doesn't have BTF\n", "program `/sys/fs/bpf/x` has no types, so nothing takes the place of its functions")]
    [InlineData("bpf_program__set_attach_target", Errno.EINVAL, "libbpf: failed bpf_obj_get_info_by_fd for FD 12: -22\n", "it cannot take the place of function `answer` of program `/sys/fs/bpf/x`: failed bpf_obj_get_info_by_fd for FD 12: -22")]
    public void Another_program_that_is_not_as_it_should_be_is_named(string call, int errno, string log, string cause) =>
        Assert.StartsWith(cause, Of("replacing", Simulated).OfAim(Program("replacing", "better").At("/sys/fs/bpf/x"), new LibBpfException(call, errno, log)).Cause, StringComparison.Ordinal);

    [Theory]
    [InlineData("capability,landlock", "boot with `lsm=capability,landlock,bpf`")]
    [InlineData("capability,bpf", null)]
    [InlineData("", null)]
    public void A_decision_that_nobody_asks_for_is_refused_before_it_is_attached(string modules, string? hint)
    {
        var error = Of("hooks", new KernelProbe(All, Types, true, true, securityModules: modules)).OfHook(Program("hooks", "decided"));

        Assert.Equal((hint is null ? null : "PM8035", hint), (error?.Code, error?.Hint));
    }

    [Fact]
    public void A_map_without_a_size_has_the_option_that_sizes_it()
    {
        const string log = "libbpf: map 'unsized': failed to create: Invalid argument(-22)\nlibbpf: failed to load object 'several'\n";

        var error = Of("several", Simulated).OfLoad(new LibBpfException("bpf_object__load", 22, log), NoSizes);

        Assert.Equal(("PM8038", "map `unsized` has no size; its user is to set it", "`pm run --map-size unsized=1024 …`"), (error.Code, error.Cause, error.Hint));
        Assert.Equal("PM8040", Of("several", Simulated).OfLoad(new LibBpfException("bpf_object__load", 22, log), new Dictionary<string, uint> { ["unsized"] = 7 }).Code);
    }

    [Theory]
    [InlineData(7, "it is too large")]
    [InlineData(12, "there is not so much memory")]
    [InlineData(22, "Invalid argument")]
    public void A_map_that_the_kernel_does_not_make_is_named_with_its_size(int errno, string why)
    {
        var log = $"libbpf: Error in bpf_create_map_xattr(unsized):x(-{errno}). Retrying without BTF.\nlibbpf: map 'unsized': failed to create: x(-{errno})\nlibbpf: failed to load object 'several'\n";

        var error = Of("several", Simulated).OfLoad(new LibBpfException("bpf_object__load", errno, log), new Dictionary<string, uint> { ["unsized"] = 4_000_000_000 });

        Assert.Equal("PM8040", error.Code);
        Assert.Matches(@"\Athe kernel does not make map `unsized` \(\w+, keys of \d+ and values of \d+ bytes, 4000000000 entries\): " + why + @"\z", error.Cause);
    }

    [Theory]
    [InlineData("R7 invalid mem access 'map_value_or_null'", "what may be NULL")]
    [InlineData("R7 invalid mem access 'scalar'", "what may be NULL")]
    [InlineData("R2 !read_ok", "`pm run -v …`")]
    public void What_may_be_nothing_is_said_to_need_a_look(string verdict, string hint)
    {
        var log = $"libbpf: prog 'moved': BPF program load failed: Permission denied\nlibbpf: prog 'moved': -- BEGIN PROG LOAD LOG --\n{verdict}\n-- END PROG LOAD LOG --\n";

        Assert.StartsWith(hint, Of("fitting", Simulated).OfLoad(new LibBpfException("bpf_object__load", 13, log), NoSizes).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bpf_object__load", 4001)]
    [InlineData("bpf_object__open_mem", 22)]
    public void What_libbpf_does_not_take_is_no_object(string call, int errno) =>
        Assert.Equal(
            ("PM8020", "hooks.o: not an eBPF object that libbpf takes: elf: 'hooks' is not a valid eBPF object file"),
            Of("hooks", Simulated).OfLoad(new LibBpfException(call, errno, "libbpf: elf: 'hooks' is not a valid eBPF object file\n"), NoSizes) is var e ? (e.Code, e.Cause) : default);

    static KernelProbe Simulated => new(All, Types, hasKprobes: false, hasTrampolines: false);

    static BpfTranslation Of(string name, KernelProbe kernel) => new(SampleObject.Spec(name), kernel);

    static ProgramSpec Program(string name, string program) => SampleObject.Spec(name).Programs.Single(p => p.Name == program);

    static readonly Dictionary<string, uint> NoSizes = [];
}
