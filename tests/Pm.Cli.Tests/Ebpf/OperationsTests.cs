using System.Net.Sockets;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>A kind of congestion control that is an object's: the kernel has it as long as pm says so.</summary>
public sealed class OperationsTests : IDisposable
{
    const string Available = "/proc/sys/net/ipv4/tcp_available_congestion_control";
    const string Control = "pm_test_slow";

    readonly Connection _connection = new();
    readonly ObjectPlace _place = new();

    public OperationsTests() => ObjectProcess.RequireKernel();

    public void Dispose()
    {
        _connection.Dispose();
        _place.Dispose();
    }

    [Theory]
    [InlineData("operations")]
    [InlineData("operations_older")]
    public void A_connection_that_asks_for_it_is_steered_by_it_until_pm_ends(string name)
    {
        using var pm = Run(name);
        Assert.Contains("4 programs attached", pm.Said, StringComparison.Ordinal);

        _connection.Send(100, "pm_test_slow"u8);

        Assert.Equal("{\"way\":\"WAY_BEGUN\",\"number\":1}", pm.Await("WAY_"));
        Assert.StartsWith("{\"way\":\"WAY_ACKNOWLEDGED\",\"number\":", pm.Await("WAY_"), StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
        Assert.Throws<SocketException>(() => _connection.Send(100, "pm_test_slow"u8));
    }

    [Fact]
    public void A_killed_pm_leaves_none()
    {
        using (Run("operations"))
        {
            Assert.Contains(Control, File.ReadAllText(Available), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Control, File.ReadAllText(Available), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_one_name_there_is_one_at_a_time()
    {
        using var first = Run("operations");
        using var second = new ObjectProcess([], ["run", ObjectPlace.Object("operations_older")], _place.Variables);

        Assert.False(second.IsAttached());
        Assert.Contains("(struct_ops/begin): `tcp_congestion_ops slow`: this kernel has one of that name already\n", second.Said, StringComparison.Ordinal);
        Assert.Contains("(struct_ops/undo): it stands in one struct with program `begin`, which cannot be run here", second.Said, StringComparison.Ordinal);
        Assert.Contains(Control, File.ReadAllText(Available), StringComparison.Ordinal);
    }

    [Fact]
    public void It_stays_without_pm_until_it_is_stopped()
    {
        Run("operations").Dispose();
        var copy = _place.Copy("operations");
        var name = Path.GetFileNameWithoutExtension(copy);
        Assert.Equal($"{name}/1\n", _place.Pm("run", "-q", "-d", copy));
        try
        {
            _connection.Send(100, "pm_test_slow"u8);

            Assert.Contains("{\"way\":\"WAY_BEGUN\",\"number\":1}\n", _place.Pm("logs", "--json", name), StringComparison.Ordinal);
        }
        finally
        {
            _place.Pm("stop", "-q", name);
        }

        Assert.DoesNotContain(Control, File.ReadAllText(Available), StringComparison.Ordinal);
    }

    /// <summary>libbpf would refuse the whole object.</summary>
    [Fact]
    public void What_no_kernel_has_is_left_out_and_the_others_run()
    {
        using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", ObjectPlace.Object("operations_lacking")], _place.Variables);
        Assert.True(pm.IsAttached(), pm.Said);

        Assert.Contains("program `answer` (struct_ops/answer): this kernel has no struct `pm_nothing_ops` that programs may stand in (struct_ops) [PM8034]", pm.Said, StringComparison.Ordinal);
        Assert.Contains("program `alone` (struct_ops/alone): it stands in no struct of operations (`SEC(\".struct_ops\")`) [PM8039]", pm.Said, StringComparison.Ordinal);
        Assert.Equal("{\"number\":1}", pm.Await("number"));
        Assert.True(pm.Interrupt() == 0, pm.Said);
    }

    /// <summary>libbpf before 1.4 cannot leave one out; it is said which.</summary>
    [Fact]
    public void Of_several_those_run_that_the_kernel_has_or_it_is_said_why_not()
    {
        using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", ObjectPlace.Object("operations_mixed")], _place.Variables);
        var runs = pm.IsAttached();

        Assert.Contains("program `answer` (struct_ops/answer): this kernel has no struct `pm_nothing_ops`", pm.Said, StringComparison.Ordinal);
        Assert.True(
            runs ? File.ReadAllText(Available).Contains(Control, StringComparison.Ordinal) : pm.Said.Contains("program `begin` (struct_ops/begin): this libbpf (1.", StringComparison.Ordinal),
            pm.Said);
    }

    [Theory]
    [InlineData("operations")]
    [InlineData("operations_lacking")]
    public void What_is_said_beforehand_is_what_comes(string name)
    {
        var rows = Encoding.UTF8.GetString(_place.Run("check", ObjectPlace.Object(name)).Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToList();
        using var pm = new ObjectProcess([], ["run", "--duration", "60s", ObjectPlace.Object(name)], _place.Variables);
        var runs = pm.IsAttached();

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.True(row[3] == (runs && !pm.Said.Contains($"program `{row[1]}`", StringComparison.Ordinal) ? "yes" : "no"), $"{string.Join(' ', row)}: {pm.Said}"));
    }

    /// <summary>One that is attached.</summary>
    ObjectProcess Run(string name)
    {
        Assert.SkipUnless(new KernelProbe().Types?.Find(BtfKind.Struct, "bpf_struct_ops_tcp_congestion_ops") is not null, "this kernel takes no congestion control of programs (CONFIG_BPF_JIT), or does not say its types");
        var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", ObjectPlace.Object(name)], _place.Variables);
        Assert.True(pm.IsAttached(), pm.Said);
        return pm;
    }
}
