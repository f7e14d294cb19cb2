using System.Diagnostics;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>Programs that see what the sockets of a map send and receive. Which sockets those are, a program for a control group says.</summary>
public sealed class SocketMapTests : IDisposable
{
    readonly Connection _connection = new();
    readonly ObjectPlace _place = new();
    readonly string? _group;

    public SocketMapTests()
    {
        ObjectProcess.RequireKernel();
        _group = File.ReadLines("/proc/mounts").Select(l => l.Split(' ')).FirstOrDefault(m => m[2] == "cgroup2")?[1];
        Assert.SkipWhen(_group is null, "no control groups of the second kind are mounted");
    }

    public void Dispose()
    {
        _connection.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void They_are_for_the_only_map_of_sockets_that_there_is()
    {
        using var pm = Run("--cgroup", _group!);
        Assert.Contains("4 programs attached", pm.Said, StringComparison.Ordinal);

        _connection.Send(123);

        Assert.Equal("{\"way\":\"WAY_SENT\",\"number\":123}", pm.Await("WAY_SENT"));
        Assert.Equal("{\"way\":\"WAY_RECEIVED\",\"number\":123}", pm.Await("WAY_RECEIVED"));
        Assert.True(pm.Interrupt() == 0, pm.Said);
    }

    [Fact]
    public void They_stay_without_pm_until_they_are_stopped()
    {
        var copy = _place.Copy("sockets");
        var name = Path.GetFileNameWithoutExtension(copy);
        Run("--cgroup", _group!).Dispose();
        Assert.Equal($"{name}/1\n", _place.Pm(["run", "-q", "-d", "--cgroup", _group!, copy, .. OfTest]));
        try
        {
            _connection.Send(124);

            Assert.Contains("{\"way\":\"WAY_SENT\",\"number\":124}\n", _place.Pm("logs", "--json", name), StringComparison.Ordinal);
        }
        finally
        {
            _place.Pm("stop", "-q", name);
        }
    }

    [Theory]
    [InlineData("sends=nothing", "program `sends` (sk_msg): the object has no map `nothing`")]
    [InlineData("sends=messages", "program `sends` (sk_msg): `messages` is no map of sockets")]
    [InlineData("sends=/sys/fs/bpf/pm-nowhere", "program `sends` (sk_msg): there is no map `/sys/fs/bpf/pm-nowhere`")]
    [InlineData("sends=/etc/passwd", "program `sends` (sk_msg): `/etc/passwd` is nothing that is pinned, or this process may not look at it")]
    public void What_is_not_there_is_named(string target, string said)
    {
        using var pm = new ObjectProcess([], ["run", "--strict", "--cgroup", _group!, "--at", target, Object], _place.Variables);

        Assert.False(pm.IsAttached());
        Assert.Contains(said, pm.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_somebody_pinned_has_the_program_as_long_as_pm_runs()
    {
        const string tool = "/usr/sbin/bpftool";
        Assert.SkipUnless(File.Exists(tool), "there is no bpftool");
        Assert.SkipUnless(new KernelFacts(new KernelProbe().Types, KernelDescription.Unknown).HasSocketMapLinks is true, "this kernel has no links of programs and maps of sockets (Linux 6.10)");
        var map = $"/sys/fs/bpf/pm-test-{Environment.ProcessId}";
        Assert.Equal(0, Exit(tool, "map", "create", map, "type", "sockhash", "key", "4", "value", "8", "entries", "64", "name", "somebodys"));
        try
        {
            using var pm = Run("--cgroup", _group!, "--at", $"sends={map}");
            Assert.DoesNotContain("program `sends`", pm.Said, StringComparison.Ordinal);

            using (var second = new ObjectProcess([], ["run", "--strict", "--cgroup", _group!, "--at", $"sends={map}", Object], _place.Variables))
            {
                Assert.False(second.IsAttached());
                Assert.Contains($"map `{map}` has a program there already", second.Said, StringComparison.Ordinal);
            }

            Assert.True(pm.Interrupt() == 0, pm.Said);
            using var after = Run("--cgroup", _group!, "--at", $"sends={map}");
            Assert.DoesNotContain("program `sends`", after.Said, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(map);
        }
    }

    /// <summary>Others connect meanwhile, which is no concern of this test.</summary>
    string[] OfTest => ["--", "--port", $"{_connection.Port}"];

    static int Exit(string file, params string[] words)
    {
        using var process = Process.Start(file, words);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>One that is attached.</summary>
    ObjectProcess Run(params string[] options)
    {
        var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", .. options, Object, .. OfTest], _place.Variables);
        Assert.True(pm.IsAttached(), pm.Said);
        return pm;
    }

    static string Object => ObjectPlace.Object("sockets");
}
