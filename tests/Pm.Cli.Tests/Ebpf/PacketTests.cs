using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>Programs that look at packets, on a network that nobody else has.</summary>
public sealed class PacketTests : IDisposable
{
    /// <summary>Headers of UDP, IP and Ethernet.</summary>
    const int Headers = 8 + 20;
    const int Frame = 14;

    static readonly string Object = Path.Join(AppContext.BaseDirectory, "objects", "packets.o");

    readonly string _directory = Directory.CreateTempSubdirectory("pm-packets-").FullName;
    readonly Process? _network;
    string? _group;

    public PacketTests()
    {
        ObjectProcess.RequireKernel();
        _network = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", """
            ip link set lo up &&
            ip link add near type veth peer name far &&
            ip link set near address 02:00:00:00:00:01 && ip link set far address 02:00:00:00:00:02 &&
            ip addr add 192.0.2.1/24 dev near && ip addr add 198.51.100.2/24 dev far &&
            ip link set near up && ip link set far up &&
            ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev near nud permanent &&
            ip neigh add 198.51.100.1 lladdr 02:00:00:00:00:01 dev far nud permanent &&
            echo ready && read end
            """]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (_network.StandardOutput.ReadLine() != "ready")
        {
            Assert.Skip($"no network of its own with two ends: {_network.StandardError.ReadToEnd().Trim()}");
        }
    }

    public void Dispose()
    {
        _network?.Kill();
        _network?.WaitForExit();
        _network?.Dispose();
        if (_group is not null)
        {
            Directory.Delete(_group);
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Traffic_control_tells_of_what_comes_and_goes_and_leaves_nothing()
    {
        var number = Shell("ip -o link show near | cut -d: -f1").Trim();
        using var pm = Run("--interface", "near");
        Assert.True(pm.IsAttached(), $"this kernel does not attach it: {pm.Said}");
        Assert.Contains("PM8039", pm.Said, StringComparison.Ordinal);
        Assert.Contains("no control group is given for it", pm.Said, StringComparison.Ordinal);

        Send("192.0.2.2", 701);
        Send("198.51.100.1", 702);

        Assert.Contains($"\"way\":\"WAY_OUT\",\"interface\":{number},", pm.Await($"\"length\":{701 + Headers + Frame},"), StringComparison.Ordinal);
        Assert.Contains($"\"way\":\"WAY_IN\",\"interface\":{number},", pm.Await($"\"length\":{702 + Headers + Frame},"), StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
        AssertNothingIsLeft();
    }

    [Fact]
    public void Where_it_runs_on_its_own_it_stays_until_it_is_stopped()
    {
        var name = $"packets-{Environment.ProcessId}";
        var copy = Path.Join(_directory, name + ".o");
        File.Copy(Object, copy);
        Assert.Equal($"{name}/1\n", Pm("run", "-q", "-d", "--interface", "near", copy));
        try
        {
            Send("192.0.2.2", 703);

            Assert.Contains($"\"length\":{703 + Headers + Frame},", Pm("logs", "--json", name), StringComparison.Ordinal);
        }
        finally
        {
            Pm("stop", "-q", name);
        }

        Send("192.0.2.2", 704);
        AssertNothingIsLeft();
    }

    [Fact]
    public void A_control_group_tells_of_what_its_processes_send()
    {
        var mount = File.ReadLines("/proc/mounts").Select(l => l.Split(' ')).FirstOrDefault(m => m[2] == "cgroup2")?[1];
        Assert.SkipWhen(mount is null, "no control groups of the second kind are mounted");
        var group = Path.Join(mount, $"pm-test-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(group);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"no control group can be made: {e.Message}");
        }

        _group = group;
        using var pm = Run("--cgroup", group);
        Assert.True(pm.IsAttached(), $"this kernel does not attach it: {pm.Said}");
        Assert.Contains("no network interface is given for it", pm.Said, StringComparison.Ordinal);

        Send("192.0.2.2", 705);
        Shell($"echo $$ > {group}/cgroup.procs; {Sending("192.0.2.2", 706)}");

        // Who is in no such group is not told of.
        var first = pm.Await("\"way\":\"WAY_OF_GROUP\"");
        Assert.Contains($"\"length\":{706 + Headers},", first, StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
    }

    [Fact]
    public void A_socket_that_nobody_reads_tells_of_all_packets_and_ends_with_pm()
    {
        var number = Shell("ip -o link show near | cut -d: -f1").Trim();
        using var pm = RunOverheard("--duration", "60s", "--interface", "near");
        Assert.True(pm.IsAttached(), $"this kernel does not attach it: {pm.Said}");

        // Far more than its buffer holds.
        for (var i = 0; i < 20; i++)
        {
            Send("192.0.2.2", 700);
        }

        Send("192.0.2.2", 707);
        Assert.Contains($"{{\"interface\":{number},", pm.Await($"\"length\":{707 + Headers + Frame}}}"), StringComparison.Ordinal);
        Assert.NotEmpty(PacketSockets());
        Assert.True(pm.Interrupt() == 0, pm.Said);
        Assert.Empty(PacketSockets());
    }

    [Fact]
    public void A_killed_pm_leaves_no_socket()
    {
        using (var pm = RunOverheard("--duration", "60s", "--interface", "near"))
        {
            Assert.True(pm.IsAttached(), $"this kernel does not attach it: {pm.Said}");
            Assert.NotEmpty(PacketSockets());
        }

        Assert.Empty(PacketSockets());
    }

    [Fact]
    public void A_socket_cannot_run_on_and_needs_an_interface()
    {
        using var detached = RunOverheard("-d", "--interface", "near");
        Assert.False(detached.IsAttached());
        Assert.Contains("error[PM8057]: program `overheard` (socket): it looks through a socket, which ends with the process that has it", detached.Said, StringComparison.Ordinal);

        using var nowhere = RunOverheard();
        Assert.False(nowhere.IsAttached());
        Assert.Contains("no network interface is given for it", nowhere.Said, StringComparison.Ordinal);
        Assert.Empty(PacketSockets());
    }

    [Fact]
    public void An_interface_that_is_only_elsewhere_is_not_there()
    {
        using var pm = Run("--interface", "eth-nowhere");

        Assert.False(pm.IsAttached());
        Assert.Contains("there is no network interface `eth-nowhere`", pm.Said, StringComparison.Ordinal);
        Assert.Contains("hint: ", pm.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_said_before_whether_the_kernel_takes_them()
    {
        Assert.Equal(
            ["packets.o\tcame\ttc\tyes\twith `--interface NAME`", "packets.o\twent\ttc/egress\tyes\twith `--interface NAME`", "packets.o\tgrouped\tcgroup_skb/egress\tyes\twith `--cgroup DIR`"],
            Pm("check", Object).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Replace(Path.GetDirectoryName(Object) + "/", "", StringComparison.Ordinal).TrimEnd('\t')));
    }

    ObjectProcess Run(params string[] options) => new(Inside, ["run", "--json", "--duration", "60s", .. options, Object], Variables);

    ObjectProcess RunOverheard(params string[] options) => new(Inside, ["run", "--json", .. options, Object.Replace("packets.o", "overheard.o", StringComparison.Ordinal)], Variables);

    /// <summary>The lines of all, without their head.</summary>
    string PacketSockets() => Shell("tail -n +2 /proc/net/packet");

    string[] Inside => ["nsenter", "-t", $"{_network!.Id}", "-n"];

    Dictionary<string, string> Variables => new(StringComparer.Ordinal) { ["HOME"] = _directory, ["PM_ROOT"] = Path.Join(_directory, "root"), ["PM_STORE"] = Path.Join(_directory, "store") };

    void AssertNothingIsLeft()
    {
        Assert.DoesNotContain("clsact", Shell("tc qdisc show dev near"), StringComparison.Ordinal);
        Assert.Empty(Shell("tc filter show dev near ingress 2> /dev/null; tc filter show dev near egress 2> /dev/null"));
        Assert.DoesNotContain("near", Shell("if command -v bpftool > /dev/null; then bpftool net show; fi"), StringComparison.Ordinal);
    }

    void Send(string address, int length) => Shell(Sending(address, length));

    static string Sending(string address, int length) => $"head -c {length} /dev/zero > /dev/udp/{address}/9";

    string Shell(string script) => Output([.. Inside, "bash", "-c", script]);

    string Pm(params string[] words) => Output([.. Inside, Path.Join(AppContext.BaseDirectory, "pm"), .. words]);

    string Output(string[] line, [CallerMemberName] string caller = "")
    {
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var data = process.StandardOutput.ReadToEnd();
        var talk = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{caller}: {string.Join(' ', line)}: {process.ExitCode}\n{talk}");
        return data;
    }
}
