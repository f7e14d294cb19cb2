using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>Packages of examples/hub whose first hooks need kprobes or trampolines, beside Debian's tools for the same: both see one workload, and each event is compared field by field.</summary>
public sealed partial class ToolOracleTests
{
    const string Tools = "/usr/sbin";

    [Fact]
    public void Sockets_that_are_bound_are_those_of_bindsnoop()
    {
        var report = Beside("bindsnoop", "inet_bind", "\"port\":7789", "for p in 7781 7782 7783 7784 7785 7786 7787 7788 7789; do httpd -p 127.0.0.1:$p -h /tmp; done");

        var theirs = Rows(BoundLine(), report).Select(m => $"{m[1]} {m[2]} {m[3]} {m[4]}").Where(r => r.Contains(" 778", StringComparison.Ordinal)).ToList();
        var ours = Events(report).Select(e => $"{e["pid"]} {e["comm"]} {e["port"]} {Address(e["addr"])}").Where(r => r.Contains(" 778", StringComparison.Ordinal)).ToList();
        Assert.True(theirs.Count == 9, report["theirs"].ToString());
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void Connections_that_are_made_are_those_of_tcpconnlat()
    {
        var report = Beside("tcpconnlat", "tcp_rcv_state_process", "\"dport\":7790", "httpd -p 127.0.0.1:7790 -h /tmp; for i in 1 2 3 4 5 6 7 8 9; do wget -q -O /dev/null http://127.0.0.1:8000/; done; wget -q -O /dev/null http://127.0.0.1:7790/");

        var theirs = Rows(ConnectedLine(), report).Select(m => $"{m[1]} {m[2]} {m[3]} {m[4]} {m[5]}").Where(r => r.EndsWith(" 8000", StringComparison.Ordinal)).ToList();
        var ours = Events(report).Select(e => $"{e["pid"]} {e["comm"]} {Address(e["saddr"])} {Address(e["daddr"])} {e["dport"]}").Where(r => r.EndsWith(" 8000", StringComparison.Ordinal)).ToList();
        Assert.True(theirs.Count == 9, report["theirs"].ToString());
        Assert.Equal(theirs, ours);
        Assert.All(Events(report), e => Assert.InRange(e["delta_us"].GetInt64(), 1, 60_000_000));
    }

    /// <summary>Theirs leaves the device empty on this kernel.</summary>
    [Fact]
    public void Flushes_of_software_raid_are_those_of_mdflush()
    {
        var report = Beside(
            "mdflush", "md_flush_request", "\"comm\":\"sync\"", "for i in 1 2 3 4 5 6 7 8 9; do dd if=/dev/zero of=/dev/md_test bs=4k count=1 conv=fsync; done; sync -d /dev/md_test",
            machine => machine.WithModules(), GuestScripts.Modules + GuestScripts.Array);

        var theirs = Rows(FlushedLine(), report).Select(m => $"{m[1]} {m[2]}").Where(r => r.EndsWith(" dd", StringComparison.Ordinal)).ToList();
        var ours = Events(report).Select(e => $"{e["pid"]} {e["comm"]}").Where(r => r.EndsWith(" dd", StringComparison.Ordinal)).ToList();
        Assert.True(theirs.Count == 9, report["theirs"].ToString());
        Assert.Equal(theirs, ours);
        Assert.All(Rows(FlushedLine(), report), m => Assert.True(m[3] is "" or "md_test", m[0]));
        Assert.All(Events(report), e => Assert.Equal("md_test", e["disk"].GetString()));
    }

    /// <summary>Theirs is known to look when the function that it looks at is listed.</summary>
    static MachineReport Beside(string name, string function, string last, string work, Func<KernelMachine, KernelMachine>? equip = null, string before = "")
    {
        KernelMachine.Require();
        var tool = Path.Join(Tools, name);
        Assert.SkipUnless(File.Exists(tool), $"{name} is not installed: apt-get install libbpf-tools");
        var machine = HubMachine.Make().With(tool, "bin/theirs");
        return (equip?.Invoke(machine) ?? machine).Run(HubMachine.Serve + before + $"""
            step install pm install -y --allow-unsigned {name}
            mount -t tracefs none /sys/kernel/tracing
            mount -t debugfs none /sys/kernel/debug
            theirs > /tmp/told 2>&1 < /dev/null &
            other=$!
            until grep -q {function} /sys/kernel/tracing/enabled_functions /sys/kernel/debug/kprobes/list || ! kill -0 $other; do usleep 10000; done
            watch ours '{last}' '{work}' pm run --json {name}
            kill -INT $other
            wait $other
            step theirs cat /tmp/told
            """);
    }

    static IEnumerable<string[]> Rows(Regex line, MachineReport report) =>
        line.Matches(report["theirs"].Output).Select(m => m.Groups.Values.Select(g => g.Value).ToArray());

    static List<Dictionary<string, JsonElement>> Events(MachineReport report) =>
        [.. report["ours"].Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!)];

    static IPAddress Address(JsonElement text) => IPAddress.Parse(text.GetString()!);

    [GeneratedRegex(@"^(\d+) +(\S+) +0 +TCP +\S+ +\d+ +(\d+) +(\S+) *$", RegexOptions.Multiline)]
    private static partial Regex BoundLine();

    [GeneratedRegex(@"^\S+ +(\d+) +(\S+) *(\S*) *$", RegexOptions.Multiline)]
    private static partial Regex FlushedLine();

    [GeneratedRegex(@"^(\d+) +(\S+) +4 +(\S+) +(\S+) +(\d+) +\S+ *$", RegexOptions.Multiline)]
    private static partial Regex ConnectedLine();
}
