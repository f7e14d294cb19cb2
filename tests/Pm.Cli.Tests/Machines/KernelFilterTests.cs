using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>Programs of traffic control on a kernel that has no links for them (Debian's Linux 6.1): filters serve, which stay where nobody takes them away.</summary>
public sealed class KernelFilterTests(KernelFilterTests.OldKernel machine) : IClassFixture<KernelFilterTests.OldKernel>
{
    [Fact]
    public void Without_the_module_neither_runs_and_what_loads_it_is_said()
    {
        const string lacking = "this kernel has no links of traffic control (Linux 6.6), and module `sch_ingress` for filters in their place is neither loaded nor to be had";

        Assert.Contains($"packets.o\tcame\ttc\tno\t{lacking} [PM8039]", machine.Report["check-without"].Output, StringComparison.Ordinal);
        Assert.Equal(1, machine.Report["run-without"].Exit);
        Assert.Contains($"program `came` (tc): {lacking}", machine.Report["run-without"].Errors, StringComparison.Ordinal);
        Assert.Contains($"program `went` (tc/egress): {lacking}", machine.Report["run-without"].Errors, StringComparison.Ordinal);
        Assert.Contains("`sudo modprobe sch_ingress`", machine.Report["run-without"].Errors, StringComparison.Ordinal);
        AssertNothing("after-without");
    }

    [Fact]
    public void Modules_are_loaded_when_they_are_asked_for_and_it_is_said_beforehand()
    {
        Assert.Equal(["came yes", "went yes", "grouped yes"], machine.Report["check-with"].Output.Split('\n').Select(l => l.Split('\t')).Where(r => r.Length > 3).Select(r => $"{r[1]} {r[3]}"));
        Assert.Equal(machine.Report["check-with"].Output, machine.Report["check-loaded"].Output);
        Assert.Contains("filters serve, which stay when pm is killed", machine.Report["doctor"].Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("terminated")]
    [InlineData("interrupted")]
    [InlineData("timed")]
    public void They_tell_of_what_comes_and_goes_and_leave_nothing_however_they_end(string name)
    {
        var step = machine.Report[name];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("2 programs attached", step.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("(tc", step.Errors, StringComparison.Ordinal);
        Assert.Contains("\"way\":\"WAY_IN\",\"interface\":1,\"length\":98,", step.Output, StringComparison.Ordinal);
        Assert.Contains("\"way\":\"WAY_OUT\",\"interface\":1,\"length\":98,", step.Output, StringComparison.Ordinal);
        AssertNothing($"after-{name}");
    }

    [Fact]
    public void While_one_runs_it_is_the_last_and_seen_by_name()
    {
        Assert.Contains("qdisc clsact ffff:", machine.Report["during"].Output, StringComparison.Ordinal);
        Assert.Matches(@"pref 61440 bpf chain 0 handle 0x706d pm:\d+:came direct-action .*\n(.*\n)*.*pm:\d+:went direct-action ", machine.Report["during"].Output);
        Assert.DoesNotContain("more may be at their hooks", machine.Report["ps-during"].Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_one_leaves_filters_that_are_known_and_taken_away()
    {
        Assert.Contains(":came", machine.Report["killed"].Output, StringComparison.Ordinal);
        Assert.Contains("2 more may be at their hooks", machine.Report["ps-killed"].Errors, StringComparison.Ordinal);
        Assert.Contains("pm stop --all", machine.Report["ps-killed"].Errors, StringComparison.Ordinal);
        Assert.Contains("2 of a pm that was killed may be at their hooks still", machine.Report["doctor-killed"].Output, StringComparison.Ordinal);
        Assert.Contains("ended 2 that", machine.Report["stop-killed"].Errors, StringComparison.Ordinal);
        AssertNothing("after-killed");
        AssertNothing("after-next");
    }

    /// <summary>As when a pm is stopped (SIGSTOP) while it changes filters.</summary>
    [Fact]
    public void Who_changes_filters_and_does_not_end_is_named_and_what_it_keeps_others_from_is_done_by_the_next()
    {
        var named = $"lock /sys/fs/bpf/pm: held by process {machine.Report["keeper"].Output.Trim()} (sleep 1000), which is stopped, waited 5";

        Assert.Equal(11, machine.Report["gated"].Exit);
        Assert.Contains($"error[PM8110]: {named}", machine.Report["gated"].Errors, StringComparison.Ordinal);
        Assert.True(machine.Report["gated-end"].Exit == 1, machine.Report["gated-end"].ToString());
        Assert.Contains("waiting for `process ", machine.Report["gated-end"].Errors, StringComparison.Ordinal);
        Assert.Contains($"warning: the filter on lo ingress cannot be taken away: {named}", machine.Report["gated-end"].Errors, StringComparison.Ordinal);
        Assert.Contains("[PM8059]; `kill -CONT ", machine.Report["gated-end"].Errors, StringComparison.Ordinal);
        Assert.Contains("warning: the filter on lo egress cannot be taken away: ", machine.Report["gated-end"].Errors, StringComparison.Ordinal);
        Assert.Contains("error[PM8059]: 2 places have programs still, which could not be taken away\nhint: `sudo pm stop --all`", machine.Report["gated-end"].Errors, StringComparison.Ordinal);
        Assert.Matches(@"pm:\d+:came ", machine.Report["gated-left"].Output);
        Assert.Contains("ended 2 that", machine.Report["gated-stop"].Errors, StringComparison.Ordinal);
        AssertNothing("after-gated");
    }

    [Fact]
    public void One_that_runs_on_its_own_stays_until_it_is_stopped()
    {
        Assert.Equal("packets/1\n", machine.Report["detach"].Output);
        Assert.Contains(":came", machine.Report["detached"].Output, StringComparison.Ordinal);
        Assert.Contains("\"way\":\"WAY_IN\",\"interface\":1,\"length\":98,", machine.Report["logs"].Output, StringComparison.Ordinal);
        Assert.Matches("packets/1\t2\t", machine.Report["ps"].Output);
        Assert.Equal(0, machine.Report["stop"].Exit);
        AssertNothing("after-stop");
        Assert.DoesNotContain("packets", machine.Report["ps-after"].Output, StringComparison.Ordinal);
    }

    /// <summary>As within <c>ip netns exec</c>.</summary>
    [Fact]
    public void In_a_view_of_the_file_systems_that_ends_none_is_left_to_run_on_and_a_killed_one_is_told_by_its_name()
    {
        Assert.True(machine.Report["apart-detach"].Exit != 0, machine.Report["apart-detach"].ToString());
        Assert.Contains("program `came` (tc): what would say that the filter on lo ingress is pm's ends with this view of the file systems, and it would not", machine.Report["apart-detach"].Errors, StringComparison.Ordinal);
        AssertNothing("apart-left");
        Assert.Matches(@"filters of a pm that has gone: lo ingress `pm:\d+:came`, lo egress `pm:\d+:went`", machine.Report["apart-doctor"].Output);
        Assert.True(machine.Report["apart-remove"].Exit == 0, machine.Report["apart-remove"].ToString());
        AssertNothing("apart-after");
    }

    void AssertNothing(string step)
    {
        Assert.Equal(0, machine.Report[step].Exit);
        Assert.DoesNotContain("clsact", machine.Report[step].Output, StringComparison.Ordinal);
        Assert.DoesNotContain("bpf", machine.Report[step].Output, StringComparison.Ordinal);
        Assert.Contains("qdisc noqueue", machine.Report[step].Output, StringComparison.Ordinal);
    }

    /// <summary>One machine for all: each takes seconds.</summary>
    public sealed class OldKernel
    {
        const string Tool = "/usr/sbin/tc";
        const string Locker = "/usr/bin/flock";

        readonly Lazy<MachineReport> _report = new(() => Make().Run("""
            show() {
              /usr/sbin/tc qdisc show dev lo
              for way in ingress egress; do /usr/sbin/tc filter show dev lo $way 2> /dev/null; done
              true
            }
            start_one() {
              : > /tmp/one
              pm run --json --interface lo packets.o > /dev/null 2> /tmp/one < /dev/null &
              until grep -q attached /tmp/one || ! kill -0 $!; do usleep 10000; done
            }
            step check-without pm check packets.o
            step run-without pm run --duration 1s --interface lo packets.o
            step after-without show

            """ + GuestScripts.Modules + """
            mkdir -p /sbin
            ln -s /bin/busybox /sbin/modprobe
            step check-with pm check packets.o
            watch terminated WAY_IN 'ping -c 1 127.0.0.1' pm run --json --interface lo packets.o
            step after-terminated show
            step check-loaded pm check packets.o
            step doctor pm doctor --ebpf
            kill_one() {
              start_one
              kill -9 $!
              wait $!
            }
            start_one
            step during show
            step ps-during pm ps
            kill $!
            wait $!
            ping 127.0.0.1 > /dev/null & pinging=$!
            : > /tmp/interrupted.out
            { until grep -q WAY_IN /tmp/interrupted.out && grep -q WAY_OUT /tmp/interrupted.out; do usleep 10000; done; kill -INT $(pidof pm); } &
            step interrupted pm run --json --interface lo packets.o
            step after-interrupted show
            step timed pm run --json --duration 3s --interface lo packets.o
            kill $pinging
            step after-timed show
            kill_one
            step killed show
            step ps-killed pm ps
            step doctor-killed pm doctor --ebpf
            step stop-killed pm stop --all
            step after-killed show
            kill_one
            step next pm run --json --duration 1s --interface lo packets.o
            step after-next show
            start_one
            one=$!
            flock -F /sys/fs/bpf/pm sleep 1000 &
            keeper=$!
            while flock -n /sys/fs/bpf/pm true; do usleep 10000; done
            kill -STOP $keeper
            until grep -q '^State:.T' /proc/$keeper/status; do usleep 10000; done
            step keeper echo $keeper
            pm run --json --duration 1s --interface lo packets.o > /tmp/gated.out 2> /tmp/gated.err < /dev/null &
            gated=$!
            kill $one
            wait $one
            code=$?
            wait $gated
            report gated $?
            step gated-end sh -c "cat /tmp/one >&2; exit $code"
            step gated-left show
            kill -KILL $keeper
            wait $keeper
            step gated-stop pm stop --all
            step after-gated show
            step detach pm run -q -d --interface lo packets.o
            step detached show
            ping -c 1 127.0.0.1 > /dev/null
            step logs pm logs --json packets
            step ps pm ps
            step stop pm stop packets
            step after-stop show
            step ps-after pm ps
            apart() {
              unshare -m sh -c "umount -l /sys; mount -t sysfs sysfs /sys; $1"
            }
            step apart-detach apart 'pm run -d --interface lo packets.o'
            step apart-left show
            : > /tmp/apart
            apart 'pm run --interface lo packets.o > /dev/null 2> /tmp/apart & until grep -q attached /tmp/apart || ! kill -0 $!; do usleep 10000; done; kill -9 $!; wait $!'
            step apart-doctor pm doctor --ebpf
            sed -n 's/.*`\(sudo tc [^`]*\)`.*/\1/p' /tmp/apart-doctor.err | sed 's/sudo tc/\/usr\/sbin\/tc/g' > /tmp/remove
            step apart-remove sh /tmp/remove
            /usr/sbin/tc qdisc del dev lo clsact
            step apart-after show
            """));

        internal MachineReport Report => _report.Value;

        static KernelMachine Make()
        {
            KernelMachine.Require();
            Assert.SkipUnless(File.Exists(Tool), "tc is not installed: apt-get install iproute2");
            return new KernelMachine().WithModules()
                .With("libssl.so.3", "libbpf.so.1", "libelf.so.1", "libmnl.so.0", "libbsd.so.0", "libcap.so.2", "libm.so.6", "libxtables.so.12", "libmd.so.0")
                .With(Tool, Tool.TrimStart('/'))
                .With(Locker, "bin/flock")
                .With(Path.Join(AppContext.BaseDirectory, "objects", "packets.o"), "root/packets.o");
        }
    }
}
