using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>Programs at hooks that the kernel of who runs the tests need not have: kprobes, trampolines, security decisions. Debian's has all.</summary>
public sealed class KernelHookTests(KernelHookTests.AllHooks hooks) : IClassFixture<KernelHookTests.AllHooks>
{
    [Theory]
    [InlineData("kprobe-link", 2, "\"comm\":\"rm\",\"path\":\"/tmp/pm-mark\"")]
    [InlineData("fentry-link", 2, "\"comm\":\"rm\",\"path\":\"/tmp/pm-mark\"")]
    [InlineData("lsm-connect", 1, "\"port\":9,\"addr\":\"192.0.2.1\",\"comm\":\"nc\"")]
    [InlineData("bindsnoop", 1, "\"family\":\"FAMILY_IPV4\",\"port\":7777,")]
    [InlineData("tcpconnlat", 3, "\"dport\":8000,")]
    public void Each_is_attached_at_its_first_hook_and_tells(string name, int programs, string told)
    {
        var step = hooks.Report[name];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains($"{programs} program{(programs == 1 ? "" : "s")} attached", step.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("PM8", step.Errors, StringComparison.Ordinal);
        Assert.Contains(told, step.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_sections_do_not_say_is_said_of_kprobes_and_trampolines_too()
    {
        var step = hooks.Report["placed"];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("3 programs attached", step.Errors, StringComparison.Ordinal);
        Assert.All((string[])["WAY_PROBED", "WAY_ENTERED", "WAY_DONE"], way => Assert.Contains($"\"way\":\"{way}\",", step.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_decision_refuses_what_it_is_to_refuse_as_long_as_it_is_attached()
    {
        Assert.Contains("Operation not permitted", hooks.Report["refused"].Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Operation not permitted", hooks.Report["allowed"].Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_is_not_there_is_named()
    {
        var step = hooks.Report["mdflush"];

        Assert.Equal(1, step.Exit);
        Assert.Contains("error[PM8034]: program `on_flush` (kprobe/md_flush_request): this kernel has no function `md_flush_request` to trace", step.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_when_they_have_ended()
    {
        Assert.Equal("", hooks.Report["functions"].Output);
        Assert.Equal("", hooks.Report["probes"].Output);
    }

    [Fact]
    public void What_is_said_beforehand_is_what_comes()
    {
        var step = hooks.Report["check"];

        Assert.Equal(8, step.Exit);
        var rows = step.Output.Split('\n').Where(l => l.Contains("bpf.o\t", StringComparison.Ordinal)).Select(l => l.Split('\t')).ToList();
        Assert.True(rows.Count > 10, step.ToString());
        Assert.All(rows, row => Assert.True(row[1] == "on_flush" ? row[3] == "no" && row[4].Contains("[PM8034]", StringComparison.Ordinal) : row[3] == "yes", string.Join(' ', row)));
        Assert.Contains("runs by on_connect\n", step.Output + step.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_call_a_helper_is_known_beforehand() => HelperCalls.AreForeseen(hooks.Report["callers"], hooks.Report["check-callers"]);

    [Fact]
    public void Where_nobody_asks_for_decisions_the_next_hook_is_taken_and_why_is_said()
    {
        var report = HubMachine.Make().Boot("lsm=landlock,yama").Run(HubMachine.Serve + """
            step install pm install -y --allow-unsigned lsm-connect
            mkdir /tmp/groups; mount -t cgroup2 none /tmp/groups
            watch run '"addr"' 'nc -w 1 192.0.2.1 9' pm run --json --cgroup /tmp/groups lsm-connect -- -a 192.0.2.1
            step strict pm run --strict lsm-connect
            step check pm check lsm-connect
            """);

        Assert.Contains("this kernel asks no eBPF program for security decisions", report["run"].Errors, StringComparison.Ordinal);
        Assert.Contains("1 program attached", report["run"].Errors, StringComparison.Ordinal);
        Assert.Contains("\"port\":9,\"addr\":\"192.0.2.1\",\"comm\":\"nc\"", report["run"].Output, StringComparison.Ordinal);
        Assert.Contains("boot with `lsm=", report["strict"].Errors, StringComparison.Ordinal);
        Assert.Contains("runs by on_connect4", report["check"].Output + report["check"].Errors, StringComparison.Ordinal);
    }

    /// <summary>One machine for all: each takes seconds.</summary>
    public sealed class AllHooks
    {
        readonly Lazy<MachineReport> _report = new(() => HubMachine.Make().With(Path.Join(AppContext.BaseDirectory, "objects", "unplaced.o"), "root/unplaced.o").With(Path.Join(AppContext.BaseDirectory, "objects", "callers.o"), "root/callers.o").Run(HubMachine.Serve + """
            step install pm install -y --allow-unsigned bindsnoop fentry-link kprobe-link lsm-connect mdflush tcpconnlat
            watch kprobe-link /tmp/pm-mark 'touch /tmp/pm-mark; rm /tmp/pm-mark' pm run --json kprobe-link
            watch fentry-link /tmp/pm-mark 'touch /tmp/pm-mark; rm /tmp/pm-mark' pm run --json fentry-link
            watch lsm-connect '"addr"' 'nc -w 1 192.0.2.1 9 > /tmp/refused 2>&1' pm run --json lsm-connect -- -a 192.0.2.1
            step refused cat /tmp/refused
            step allowed nc -w 1 192.0.2.1 9
            watch bindsnoop '"port":7777' 'httpd -p 127.0.0.1:7777 -h /tmp' pm run --json bindsnoop
            watch tcpconnlat '"dport":8000' 'wget -q -O /dev/null http://127.0.0.1:8000/' pm run --json tcpconnlat
            step mdflush pm run mdflush
            watch placed WAY_DONE 'touch /tmp/pm-mark; rm /tmp/pm-mark' pm run --json --at probed=do_unlinkat --at done=do_unlinkat --at entered=do_unlinkat unplaced.o
            mount -t debugfs none /sys/kernel/debug
            step functions cat /sys/kernel/tracing/enabled_functions
            step probes cat /sys/kernel/debug/kprobes/list
            mkdir /tmp/groups; mount -t cgroup2 none /tmp/groups
            step callers pm run --duration 0 --interface lo --cgroup /tmp/groups callers.o
            step check-callers pm check callers.o
            step check pm check bindsnoop fentry-link kprobe-link lsm-connect mdflush tcpconnlat
            """));

        internal MachineReport Report => _report.Value;
    }
}
