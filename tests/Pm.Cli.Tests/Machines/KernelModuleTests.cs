using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>What only a module of the kernel has: <c>pm check</c> says of it what running comes to, with the module loaded and without. Debian's md_mod is that module.</summary>
public sealed class KernelModuleTests(KernelModuleTests.BeforeAndAfter machine) : IClassFixture<KernelModuleTests.BeforeAndAfter>
{
    [Fact]
    public void Without_the_module_neither_runs_and_what_loads_it_is_said()
    {
        const string missing = "this kernel has no function `md_flush_request` to trace: module `md_mod` has it, which is not loaded";
        var (check, run) = (machine.Report["check-without"], machine.Report["run-without"]);

        Assert.Equal(["on_flush no", "entered no", "probed no", "beside yes"], Rows(check));
        Assert.Contains(missing + " (`modprobe md_mod`)", check.Output, StringComparison.Ordinal);
        Assert.Contains("type `mddev`, of which `mddev.raid_disks` is read, does not exist in this kernel", check.Output, StringComparison.Ordinal);
        Assert.Equal(1, run.Exit);
        Assert.Contains(missing, run.Errors, StringComparison.Ordinal);
        Assert.Contains("`sudo modprobe md_mod`", run.Errors, StringComparison.Ordinal);
        Assert.Contains("1 program attached", machine.Report["others-without"].Errors, StringComparison.Ordinal);
        Assert.All((string[])["entered` (fentry", "probed` (kprobe"], p => Assert.Contains($"program `{p}/md_flush_request): {missing}", machine.Report["others-without"].Errors, StringComparison.Ordinal));
    }

    [Fact]
    public void With_the_module_all_run_and_it_is_named()
    {
        var (check, flushes) = (machine.Report["check-with"], machine.Report["flushes"]);

        Assert.True(check.Exit == 0, check.ToString());
        Assert.Equal(["on_flush yes", "entered yes", "probed yes", "beside yes"], Rows(check));
        Assert.Equal(3, check.Output.Split("\tby module md_mod\n").Length - 1);
        Assert.Contains("3 programs attached", flushes.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("PM8", flushes.Errors, StringComparison.Ordinal);
        Assert.Contains("{\"disks\":1,\"by\":2}", flushes.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flush_is_told_by_mdflush()
    {
        var step = machine.Report["mdflush"];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("\"comm\":\"dd\",\"disk\":\"md_test\"", step.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_its_types_says_the_same_and_a_copy_of_the_kernels_alone_leaves_it_open()
    {
        Assert.Equal(Rows(machine.Report["check-with"]), Rows(machine.Report["copy"]));
        Assert.Equal(["entered unknown", "probed unknown", "beside yes"], Rows(machine.Report["alone"]));
        Assert.Contains("these are the types of a kernel's module", machine.Report["file"].Errors, StringComparison.Ordinal);
    }

    /// <summary>By its user, and by its section, which libbpf 1.1 does not understand.</summary>
    [Fact]
    public void A_function_of_the_module_that_is_named_is_that_one()
    {
        Assert.Equal(["entered no", "probed no", "left no", "of_kernel no", "elsewhere yes"], Rows(machine.Report["named-without"]));
        Assert.Contains("module `md_mod` is not loaded (`modprobe md_mod`), or there is none", machine.Report["named-without"].Output, StringComparison.Ordinal);
        Assert.Equal(["entered yes", "probed yes", "left yes", "of_kernel no", "elsewhere yes"], Rows(machine.Report["named-check"]));
        Assert.Equal(3, machine.Report["named-check"].Output.Split("\tby module md_mod\n").Length - 1);

        var named = machine.Report["named"];
        Assert.Contains("4 programs attached", named.Errors, StringComparison.Ordinal);
        Assert.Contains("program `of_kernel` (fentry/vmlinux:md_flush_request): the kernel itself has no function `md_flush_request` to trace", named.Errors, StringComparison.Ordinal);
        Assert.All((int[])[1, 2, 3], by => Assert.Contains($"{{\"by\":{by}}}", named.Output, StringComparison.Ordinal));

        Assert.Equal(["entered yes", "probed yes", "beside yes"], Rows(machine.Report["placed-check"]));
        Assert.Contains("3 programs attached", machine.Report["placed"].Errors, StringComparison.Ordinal);
        Assert.Contains("{\"disks\":1,\"by\":2}", machine.Report["placed"].Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_the_named_module_has_not_is_refused_by_both()
    {
        const string cause = "module `linear` has no function `md_flush_request` to trace";

        Assert.Contains($"entered\tfentry/linear:md_flush_request\tno\t{cause}", machine.Report["other-check"].Output, StringComparison.Ordinal);
        Assert.Contains($"program `entered` (fentry/linear:md_flush_request): {cause}", machine.Report["other"].Errors, StringComparison.Ordinal);
        Assert.Contains($"program `probed` (kprobe/linear:md_flush_request): {cause}", machine.Report["other"].Errors, StringComparison.Ordinal);
    }

    static IEnumerable<string> Rows(MachineStep step) => step.Output.Split('\n').Select(l => l.Split('\t')).Where(r => r.Length > 3).Select(r => $"{r[1]} {r[3]}");

    /// <summary>One machine for all: each takes seconds.</summary>
    public sealed class BeforeAndAfter
    {
        readonly Lazy<MachineReport> _report = new(() => HubMachine.Make().WithModules().With(Path.Join(AppContext.BaseDirectory, "objects", "flushes.o"), "root/flushes.o").With(Path.Join(AppContext.BaseDirectory, "objects", "named.o"), "root/named.o").Run(HubMachine.Serve + GuestScripts.Modules + """
            step install pm install -y --allow-unsigned mdflush
            step check-without pm check mdflush flushes.o
            step run-without pm run mdflush
            watch others-without '' : pm run flushes.o
            step named-without pm check named.o

            """ + GuestScripts.Array + """
            step check-with pm check mdflush flushes.o
            watch flushes '"by":2' 'dd if=/dev/zero of=/dev/md_test bs=4k count=1 conv=fsync' pm run --json flushes.o
            watch mdflush '"comm":"dd"' 'dd if=/dev/zero of=/dev/md_test bs=4k count=1 conv=fsync' pm run --json mdflush
            step named-check pm check named.o
            watch named '"by":3' 'dd if=/dev/zero of=/dev/md_test bs=4k count=1 conv=fsync' pm run --json named.o
            step placed-check pm check --at entered=md_mod:md_flush_request --at probed=md_mod:md_flush_request flushes.o
            watch placed '"by":2' 'dd if=/dev/zero of=/dev/md_test bs=4k count=1 conv=fsync' pm run --json --at entered=md_mod:md_flush_request --at probed=md_mod:md_flush_request flushes.o
            step other-check pm check --at entered=linear:md_flush_request --at probed=linear:md_flush_request flushes.o
            watch other '' : pm run --at entered=linear:md_flush_request --at probed=linear:md_flush_request flushes.o
            mkdir btf
            for file in /sys/kernel/btf/*; do cat $file > btf/${file##*/}; done
            pm doctor --ebpf --json > here.json
            step copy pm check --kernel here.json --btf btf mdflush flushes.o
            step alone pm check --kernel here.json --btf btf/vmlinux flushes.o
            step file pm check --kernel modules/md-mod.ko flushes.o
            """));

        internal MachineReport Report => _report.Value;
    }
}
