using System.Text.Json;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>
/// Programs at hooks that Debian's Linux 6.1 has not: many functions at once, both ends of functions, pairs of interfaces, netfilter, and traffic control by links. libbpf is that of 6.1, which knows few of them;
/// what is for functions runs once more with that of its time.
/// </summary>
public sealed class NewerKernelTests(NewerKernelTests.NewerKernel machine) : IClassFixture<NewerKernelTests.NewerKernel>
{
    /// <summary>Remote controls are a module of Debian's, for which the kernel has no programs.</summary>
    [Fact]
    public void A_program_of_each_kind_is_tried_and_all_but_that_of_remote_controls_load()
    {
        var kinds = machine.Report["doctor"].Output.Split('\n').Where(l => l.StartsWith("program ", StringComparison.Ordinal)).Select(l => l.Split('\t')).ToList();

        Assert.Equal(TrialKind.All.Select(k => "program " + k.Name), kinds.Select(k => k[0]));
        Assert.Equal(["program lirc_mode2"], kinds.Where(k => k[1] != "ok").Select(k => k[0]));
    }

    [Theory]
    [InlineData("functions")]
    [InlineData("functions-then")]
    public void Many_functions_of_the_kernel_tell_by_sections_and_where_their_user_says(string name)
    {
        var told = Told(name, 5);

        Assert.Equal(["WAY_BEGUN 0", "WAY_BOTH 0", "WAY_BOTH 0", "WAY_DONE 0", "WAY_PLACED 0", "WAY_PLACED 0", "WAY_PLACED_DONE -2", "WAY_PLACED_DONE 0"], told.Order(StringComparer.Ordinal));
        Assert.Equal("WAY_PLACED_DONE -2", told[^1]);
    }

    /// <summary>Of marked.c: the last value is what it returns, before that what it comes to its mark with, and how many words it was called with.</summary>
    [Theory]
    [InlineData("file")]
    [InlineData("file-then")]
    public void Functions_of_a_file_tell_also_to_a_program_that_may_wait(string name) => Assert.Equal(["WAY_WAITING 1", "WAY_OF_FILE 41", "WAY_OF_FILE_DONE 0"], Told(name, 6));

    [Fact]
    public void All_functions_that_a_wide_pattern_stands_for_are_traced_on_and_what_is_not_there_is_named()
    {
        var step = machine.Report["detach"];

        Assert.Equal((0, "crowds/1\n"), (step.Exit, step.Output));
        Assert.Contains("program `both_of_file` (uprobe.session//root/marked:main): this kernel has no programs for both ends of functions of a file (uprobe.session, Linux 6.13) [PM8033]", step.Errors, StringComparison.Ordinal);
        Assert.Contains("program `placed_done` (kretprobe.multi/pm_nothing*): this kernel has no function to trace that `pm_nothing*` stands for [PM8034]", step.Errors, StringComparison.Ordinal);
        Assert.Contains("program `of_file` (uprobe.multi//root/marked:nothing*): `/root/marked` has no function with a name that `nothing*` stands for [PM8039]", step.Errors, StringComparison.Ordinal);
        Assert.Contains("crowds/1\t5\t", machine.Report["ps"].Output, StringComparison.Ordinal);
        Assert.Equal(0, machine.Report["stop"].Exit);
        Assert.Equal("", machine.Report["functions-left"].Output);
    }

    [Fact]
    public void Traffic_control_by_links_tells_of_what_comes_and_goes()
    {
        var step = machine.Report["traffic"];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("2 programs attached", step.Errors, StringComparison.Ordinal);
        Assert.All((string[])["WAY_IN", "WAY_OUT"], way => Assert.Contains($"{{\"way\":\"{way}\",\"interface\":1,\"length\":98,", step.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("filters serve", machine.Report["doctor"].Output, StringComparison.Ordinal);
    }

    /// <summary>As within <c>ip netns exec</c>: the links would end with it.</summary>
    [Fact]
    public void In_a_view_of_the_file_systems_that_ends_none_is_said_to_run_on()
    {
        Assert.Equal(("", true), (machine.Report["apart"].Output, machine.Report["apart"].Exit is > 0 and < 126));
        Assert.Contains("error[PM8057]: what would hold its programs at their hooks ends with this view of the file systems", machine.Report["apart"].Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_interfaces_of_a_pair_tell_of_what_leaves_them()
    {
        var step = machine.Report["pair"];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("2 programs attached", step.Errors, StringComparison.Ordinal);
        Assert.Equal("{\"way\":\"WAY_PRIMARY\",\"length\":98}\n{\"way\":\"WAY_PEER\",\"length\":98}\n", step.Output);
    }

    [Fact]
    public void What_netfilter_and_a_pair_let_through_is_for_their_programs_to_say_until_they_are_stopped()
    {
        Assert.Contains("{\"way\":\"WAY_FILTERED\",\"length\":84}\n", machine.Report["filter"].Output, StringComparison.Ordinal);
        Assert.Equal((0, "passages/1\n", ""), (machine.Report["drop"].Exit, machine.Report["drop"].Output, machine.Report["drop"].Errors));
        Assert.Contains("100% packet loss", machine.Report["filtered"].Output, StringComparison.Ordinal);
        Assert.Contains("1 packets transmitted", machine.Report["unpaired"].Output, StringComparison.Ordinal);
        Assert.Equal(machine.Report["received-before"].Output, machine.Report["received-after"].Output);
        Assert.Equal("{\"way\":\"WAY_FILTERED\",\"length\":84}\n{\"way\":\"WAY_PRIMARY\",\"length\":98}\n", machine.Report["logs"].Output);
        Assert.Equal(0, machine.Report["stop-drop"].Exit);
        Assert.Contains(" 0% packet loss", machine.Report["unfiltered"].Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("taken", "program `filtered` (netfilter/ip4:local-in:-5): another program is at `ip4:local-in:-5` with that priority")]
    [InlineData("taken", "`pm run --at filtered=ip4:local-in:-4 …`")]
    [InlineData("taken", "program `primary` (netkit/primary): the interface that is given for it is none of netkit")]
    [InlineData("peer", "program `peer` (netkit/peer): the interface that is given for it is the peer of a pair")]
    [InlineData("peer", "program `filtered` (netfilter): its section does not say where it is to look at packets: `--at filtered=FAMILY:PLACE[:PRIORITY]` does")]
    public void A_place_that_is_taken_and_an_interface_that_is_none_of_a_pair_are_named(string step, string cause) => Assert.Contains(cause, machine.Report[step].Errors, StringComparison.Ordinal);

    /// <summary>A connection within the machine: whoever called is the first, and 8000 whom it called.</summary>
    [Fact]
    public void Iterators_walk_over_the_sockets_of_a_map_and_over_what_sockets_keep()
    {
        Assert.True(machine.Report["keep"].Exit == 0, machine.Report["keep"].ToString());
        Assert.Matches(@"^socket 0 port (\d+)\nsocket 1 port 8000\n(side 1 port 8000\nside 0 port \1|side 0 port \1\nside 1 port 8000)\n$", machine.Report["walked"].Output);
        Assert.Equal(0, machine.Report["stop-keep"].Exit);
    }

    [Theory]
    [InlineData("check-crowds", "begun yes, done yes, both yes, placed yes, placed_done no, of_file no, of_file_done unknown, waiting yes, both_of_file no")]
    [InlineData("check-passages", "primary yes, peer yes, filtered yes")]
    [InlineData("check-packets", "came yes, went yes, grouped yes")]
    [InlineData("check-connections", "made yes, walk_sockets yes, walk_sides yes")]
    public void What_is_said_beforehand_is_what_comes(string step, string said) => Assert.Equal(
        said, string.Join(", ", machine.Report[step].Output.Split('\n').Select(l => l.Split('\t')).Where(r => r.Length > 3).Select(r => $"{r[1]} {r[3]}")));

    [Fact]
    public void Who_may_call_a_helper_is_known_beforehand() => HelperCalls.AreForeseen(machine.Report["callers"], machine.Report["check-callers"]);

    /// <summary>Events without who caused them.</summary>
    List<string> Told(string name, int programs)
    {
        var step = machine.Report[name];
        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains($"{programs} programs attached", step.Errors, StringComparison.Ordinal);
        return [.. step.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).Select(e => $"{e.GetProperty("way")} {e.GetProperty("value")}")];
    }

    /// <summary>One machine for all: each takes seconds.</summary>
    public sealed class NewerKernel
    {
        const string Placed = "--at placed='do_rmdi?' --at placed_done='do_rmdi?'";
        const string OfFile = "--at of_file='/root/marked:reac*' --at of_file_done='/root/marked:mai?' --at waiting='/root/marked:ma?n'";
        const string Work = "'mkdir /tmp/d; rmdir /tmp/d; rmdir /tmp/nowhere'";
        const string Wide = "--at both_of_file=/root/marked:main --at of_file='/root/marked:nothing*' --at waiting=/root/marked:main --at placed='vfs_*' --at placed_done='pm_nothing*'";
        const string Then = "env LD_LIBRARY_PATH=" + KernelMachine.NewerLibraries;
        const string Walked = "--at walk_sockets=sockets --at walk_sides=sides";

        readonly Lazy<MachineReport> _report = new(() => Make().Run($$"""
            watch functions '"value":-2' {{Work}} pm run --json {{Placed}} crowds.o
            watch file WAY_OF_FILE_DONE ./marked pm run --json {{OfFile}} crowds.o
            watch functions-then '"value":-2' {{Work}} {{Then}} pm run --json {{Placed}} crowds.o
            watch file-then WAY_OF_FILE_DONE ./marked {{Then}} pm run --json {{OfFile}} crowds.o
            step detach pm run -q -d {{Wide}} crowds.o
            step ps pm ps
            step stop pm stop crowds
            step functions-left cat /sys/kernel/tracing/enabled_functions
            step check-crowds pm check {{Wide}} crowds.o

            watch traffic WAY_IN 'ping -c 1 127.0.0.1' pm run --json --interface lo packets.o
            step check-packets pm check packets.o
            step apart unshare -m sh -c 'umount -l /sys; mount -t sysfs sysfs /sys; pm run -q -d --interface lo packets.o'
            step doctor pm doctor --ebpf

            echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
            ip link add pair type netkit
            ip addr add 192.0.2.1/25 dev pair; ip addr add 192.0.2.129/25 dev nk0
            ip link set pair up; ip link set nk0 up
            watch pair WAY_PEER '(ping -c 1 -W 1 192.0.2.2; ping -c 1 -W 1 192.0.2.130) &' pm run --json --interface pair passages.o
            watch filter WAY_FILTERED 'ping -c 1 127.0.0.1' pm run --json --at filtered=ip4:local-in passages.o
            step drop pm run -q -d --at filtered=ip4:local-in:-5 --interface pair passages.o -- --drop
            step filtered ping -c 1 -W 1 127.0.0.1
            step received-before cat /sys/class/net/nk0/statistics/rx_packets
            step unpaired ping -c 1 -W 1 192.0.2.2
            step received-after cat /sys/class/net/nk0/statistics/rx_packets
            step taken pm run --at filtered=ip4:local-in:-5 --interface lo passages.o
            step peer pm run --interface nk0 passages.o
            step logs pm logs --json passages
            step stop-drop pm stop passages
            step unfiltered ping -c 1 -W 1 127.0.0.1
            step check-passages pm check --at filtered=ip6:forward passages.o

            mkdir /tmp/groups; mount -t cgroup2 none /tmp/groups
            httpd -p 127.0.0.1:8000 -h /tmp
            step keep pm run -q -d --cgroup /tmp/groups {{Walked}} connections.o
            mkfifo /tmp/hold
            nc 127.0.0.1 8000 < /tmp/hold > /dev/null & exec 6> /tmp/hold
            until netstat -tn | grep -q '127.0.0.1:8000 .*ESTABLISHED'; do usleep 10000; done
            step walked pm logs connections
            exec 6>&-
            step stop-keep pm stop connections
            step check-connections pm check {{Walked}} connections.o
            step callers pm run --duration 0 --interface lo --cgroup /tmp/groups callers.o
            step check-callers pm check callers.o
            """));

        internal MachineReport Report => _report.Value;

        static KernelMachine Make()
        {
            var machine = new KernelMachine(isNewer: true).With("libssl.so.3", "libzstd.so.1", "libbpf.so.1").WithNewerLibrary().With(GuestProgram.Compile("marked"), "root/marked");
            foreach (var name in (string[])["crowds.o", "packets.o", "passages.o", "connections.o", "callers.o"])
            {
                machine.With(Path.Join(AppContext.BaseDirectory, "objects", name), "root/" + name);
            }

            return machine;
        }
    }
}
