using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>
/// Programs that stand in the place of something: of a function of another program, of functions of the kernel, before the sockets of a map. Debian's kernel has trampolines for the first, and no links for the
/// others, so that what is left of a killed pm is to be found again.
/// </summary>
public sealed class KernelStandInTests(KernelStandInTests.AllStandIns all) : IClassFixture<KernelStandInTests.AllStandIns>
{
    const string Control = "pm_test_slow";

    [Fact]
    public void A_function_of_another_program_is_replaced_as_long_as_pm_runs()
    {
        Succeeded("base", "better", "stop");
        Assert.Contains("1 program attached", all.Report["better"].Errors, StringComparison.Ordinal);
        Assert.Equal("{\"number\":41}\n{\"number\":42}\n{\"number\":41}\n", all.Report["answers"].Output);
    }

    [Theory]
    [InlineData("nothing", "program `/sys/fs/bpf/pm/replaced/1/links/0` has no function `nothing`")]
    [InlineData("gone", "there is no program `/sys/fs/bpf/gone`")]
    [InlineData("number", "there is no program `4000000000`")]
    [InlineData("map", "`/sys/fs/bpf/pm/replaced/1/maps/0` is no program, and holds none")]
    public void What_has_no_such_function_is_named(string step, string cause)
    {
        Assert.Equal(1, all.Report[step].Exit);
        Assert.True(all.Report[step].Errors.StartsWith("pm: error[PM8039]: program `better` (freplace/", StringComparison.Ordinal) && all.Report[step].Errors.Contains(cause, StringComparison.Ordinal), $"{all.Report[step]}");
    }

    [Fact]
    public void Functions_of_the_kernel_are_replaced_as_long_as_pm_runs()
    {
        Succeeded("steered", "check");
        Assert.Contains("4 programs attached", all.Report["steered"].Errors, StringComparison.Ordinal);
        Assert.Contains("{\"way\":\"WAY_BEGUN\",\"number\":1}\n", all.Report["steered"].Output, StringComparison.Ordinal);
        Assert.Contains("{\"way\":\"WAY_ACKNOWLEDGED\",", all.Report["steered"].Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Control, all.Report["after-steered"].Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_pm_left_is_counted_and_the_next_takes_it_away()
    {
        Assert.Equal(137, all.Report["killed"].Exit);
        Assert.Contains(Control, all.Report["after-killed"].Output, StringComparison.Ordinal);
        Assert.Contains("`pm stop --all`", all.Report["ps"].Errors, StringComparison.Ordinal);
        Succeeded("again");
        Assert.Contains("4 programs attached", all.Report["again"].Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Control, all.Report["after-again"].Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pm stop --all", all.Report["ps-again"].Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_of_the_kernel_stay_replaced_without_pm_until_they_are_stopped()
    {
        Succeeded("detached", "stopped");
        Assert.Contains(Control, all.Report["after-detached"].Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Control, all.Report["after-stopped"].Output, StringComparison.Ordinal);
    }

    /// <summary>What is received is seen on other kernels: this one wakes up who waits for it, and has nothing for it, now and then.</summary>
    [Fact]
    public void Sockets_of_a_map_that_has_no_links_are_seen_until_it_goes()
    {
        Succeeded("sockets", "sockets-detached", "sockets-stopped");
        Assert.Contains("4 programs attached", all.Report["sockets"].Errors, StringComparison.Ordinal);
        Assert.All((string[])["sockets", "sockets-logs"], step => Assert.Contains("{\"way\":\"WAY_SENT\",\"number\":", all.Report[step].Output, StringComparison.Ordinal));
        Assert.Contains("`/sys/fs/bpf/pm/sockets/1/maps/1` is no map of sockets", all.Report["untaken"].Errors, StringComparison.Ordinal);
        Assert.True(all.Report["taken"].Errors.Contains("has a program there already", StringComparison.Ordinal), $"{all.Report["taken"]}");
        Assert.Equal("/sys/fs/bpf/pm:\n+aside\n\n/sys/fs/bpf/pm/+aside:\n", all.Report["pins"].Output);
    }

    void Succeeded(params string[] steps)
    {
        // Without a kernel it is skipped, which must not happen within an assertion.
        var report = all.Report;
        Assert.All(steps, step => Assert.True(report[step].Exit == 0, $"{step}: {report[step]}"));
    }

    /// <summary>One machine for all: each takes seconds.</summary>
    public sealed class AllStandIns
    {
        readonly Lazy<MachineReport> _report = new(() => Objects(new KernelMachine().With("libssl.so.3", "libzstd.so.1", "libbpf.so.1")).Run("""
            other=/sys/fs/bpf/pm/replaced/1
            step base pm run -d -q replaced.o
            rmdir /tmp/nowhere 2> /dev/null
            watch better "" 'rmdir /tmp/nowhere' pm run --at better=$other/links/0 replacing.o
            rmdir /tmp/nowhere 2> /dev/null
            step answers pm logs --json replaced
            step nothing pm run --at better=$other/links/0:nothing replacing.o
            step gone pm run --at better=/sys/fs/bpf/gone replacing.o
            step number pm run --at better=4000000000 replacing.o
            step map pm run --at better=$other/maps/0 replacing.o
            step stop pm stop replaced

            httpd -p 127.0.0.1:8000 -h /root
            available=/proc/sys/net/ipv4/tcp_available_congestion_control
            default=/proc/sys/net/ipv4/tcp_congestion_control
            get="timeout 5 wget -q -O /dev/null http://127.0.0.1:8000/operations.o"
            step check pm check operations.o operations_older.o
            watch steered WAY_ACK "echo pm_test_slow > $default; $get; echo cubic > $default" pm run --json operations.o
            step after-steered cat $available
            watch killed "" 'kill -9 $(pidof pm)' pm run operations_older.o
            step after-killed cat $available
            step ps pm ps
            watch again "" : pm run operations.o
            step after-again cat $available
            step ps-again pm ps
            step detached pm run -d -q operations.o
            step after-detached cat $available
            step stopped pm stop operations
            step after-stopped cat $available

            mkdir /tmp/group
            mount -t cgroup2 none /tmp/group
            watch sockets WAY_SENT "$get" pm run --json --cgroup /tmp/group sockets.o
            step sockets-detached pm run -d -q --cgroup /tmp/group sockets.o
            $get
            step taken pm run --strict --cgroup /tmp/group --at sends=/sys/fs/bpf/pm/sockets/1/maps/0 sockets.o
            step untaken pm run --strict --cgroup /tmp/group --at sends=/sys/fs/bpf/pm/sockets/1/maps/1 sockets.o
            step sockets-logs pm logs --json sockets
            step sockets-stopped pm stop sockets
            step pins ls -R /sys/fs/bpf/pm
            """));

        internal MachineReport Report => _report.Value;

        static KernelMachine Objects(KernelMachine machine)
        {
            foreach (var name in (string[])["replaced", "replacing", "operations", "operations_older", "sockets"])
            {
                machine.With(Path.Join(AppContext.BaseDirectory, "objects", name + ".o"), $"root/{name}.o");
            }

            return machine;
        }
    }
}
