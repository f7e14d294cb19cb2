using System.Diagnostics;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>Programs that are attached where their user says: at a function of a file, at tracepoints, at the clock of each processor.</summary>
public sealed class PlacedHookTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-placed-").FullName;

    public PlacedHookTests() => ObjectProcess.RequireKernel();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("called=libc.so.6:getenv", "WAY_CALLED")]
    [InlineData("returned=libc.so.6:getenv", "WAY_RETURNED")]
    [InlineData("asked=libc.so.6:getenv", "WAY_ASKED")]
    [InlineData("traced=sched/sched_process_exec", "WAY_TRACED")]
    [InlineData("raw=sched_process_exec", "WAY_RAW")]
    [InlineData("typed=sched_process_exec", "WAY_TYPED")]
    public void Each_tells_from_where_it_was_put(string target, string way)
    {
        using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", "--at", target, Object("unplaced")], Variables);
        Assert.SkipWhen(!pm.IsAttached() && pm.Said.Contains("PM803", StringComparison.Ordinal) && !pm.Said.Contains("PM8039", StringComparison.Ordinal), $"this kernel does not attach it: {pm.Said}");

        Shell("exec -a pm-placed bash -c :");

        Assert.Contains($"\"way\":\"{way}\"", pm.Await("\"comm\":\"bash\""), StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
    }

    /// <summary>Whoever opened it would wait for somebody who writes into it.</summary>
    [Fact]
    public void A_pipe_that_somebody_put_in_the_way_of_a_library_is_gone_past()
    {
        var planted = Path.Join(_directory, "planted");
        var libraries = Path.Join(_directory, "libraries");
        Directory.CreateDirectory(planted);
        Directory.CreateDirectory(libraries);
        Shell($"mkfifo {planted}/libpm-planted.so");
        var variables = new Dictionary<string, string>(Variables) { ["LD_LIBRARY_PATH"] = $"{planted}:{libraries}" };
        using (var refused = new ObjectProcess([], ["run", "--at", "called=libpm-planted.so:getenv", Object("unplaced")], variables))
        {
            Assert.False(refused.IsAttached());
            Assert.Contains("there is no program or library `libpm-planted.so`", refused.Said, StringComparison.Ordinal);
        }

        Shell($"ln -s $(ldconfig -p | sed -n 's/.*libc.so.6 .*x86-64.* => //p;s/.*libc.so.6 .*AArch64.* => //p' | head -1) {libraries}/libpm-planted.so");
        using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", "--at", "called=libpm-planted.so:getenv", Object("unplaced")], variables);
        Assert.SkipWhen(!pm.IsAttached() && pm.Said.Contains("PM803", StringComparison.Ordinal) && !pm.Said.Contains("PM8039", StringComparison.Ordinal), $"this kernel does not attach it: {pm.Said}");

        Shell("exec -a pm-placed bash -c :");

        Assert.Contains("\"way\":\"WAY_CALLED\"", pm.Await("\"comm\":\"bash\""), StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
    }

    /// <summary>What is not said of the others is told, with the option that says it.</summary>
    [Fact]
    public void A_program_without_a_target_names_its_option()
    {
        using var pm = new ObjectProcess([], ["run", "--strict", Object("unplaced")], Variables);

        Assert.False(pm.IsAttached());
        Assert.Contains("program `called` (uprobe): its section does not say which function of which file is meant: `--at called=FILE:FUNCTION[+OFFSET]` does\nhint: `pm run --at called=/bin/bash:readline …`", pm.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("called=libc.so.6:pm_no_such_function", "`libc.so.6` has no function `pm_no_such_function`")]
    [InlineData("called=libpm-nowhere.so:getenv", "there is no program or library `libpm-nowhere.so`")]
    [InlineData("called=/pm/nowhere:getenv", "there is no program or library `/pm/nowhere`")]
    [InlineData("traced=sched/pm_no_such_tracepoint", "this kernel has no tracepoint `sched/pm_no_such_tracepoint`")]
    [InlineData("typed=pm_no_such_tracepoint", "this kernel has no tracepoint `pm_no_such_tracepoint`")]
    public void What_is_not_there_is_named(string target, string said)
    {
        using var pm = new ObjectProcess([], ["run", "--at", target, Object("unplaced")], Variables);

        Assert.False(pm.IsAttached());
        Assert.Contains(said, pm.Said, StringComparison.Ordinal);
    }

    /// <summary>A kernel on which not all is known beforehand leaves some open.</summary>
    [Theory]
    [InlineData("called=libc.so.6:getenv")]
    [InlineData("called=libc.so.6:pm_no_such_function")]
    [InlineData("called=libpm-nowhere.so:getenv")]
    [InlineData("called=/pm/nowhere:getenv")]
    [InlineData("called=/etc/passwd:getenv")]
    [InlineData("called=bash:main")]
    [InlineData("called=bash:0x100")]
    [InlineData("traced=sched/sched_process_exec")]
    [InlineData("traced=sched/pm_no_such_tracepoint")]
    [InlineData("raw=sched_process_exec")]
    [InlineData("raw=pm_no_such_tracepoint")]
    [InlineData("typed=sched_process_exec")]
    [InlineData("typed=pm_no_such_tracepoint")]
    [InlineData("probed=do_unlinkat")]
    [InlineData("entered=do_unlinkat")]
    [InlineData("entered=pm_no_such_module:do_unlinkat")]
    public void What_is_said_beforehand_is_what_comes(string target)
    {
        var program = target.Split('=')[0];
        using var check = new ObjectProcess([], ["check", "--at", target, Object("unplaced")], Variables);
        var row = check.Await($"\t{program}\t").Split('\t');
        using var pm = new ObjectProcess([], ["run", "--at", target, "--duration", "60s", Object("unplaced")], Variables);
        var runs = pm.IsAttached();

        Assert.True(row[3] == (runs ? "yes" : "no"), $"{string.Join(' ', row)}: {pm.Said}");
        Assert.True(!runs || pm.Interrupt() == 0, pm.Said);
    }

    [Fact]
    public void The_clock_of_a_processor_sees_who_spins()
    {
        using var busy = Process.Start(new ProcessStartInfo("bash", ["-c", "while :; do :; done"]))!;
        try
        {
            using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", "--frequency", "199", Object("clocked"), "--", "--pid", $"{busy.Id}"], Variables);
            Assert.True(pm.IsAttached(), pm.Said);

            Assert.Contains("\"comm\":\"bash\"", pm.Await($"\"pid\":{busy.Id},"), StringComparison.Ordinal);
            Assert.True(pm.Interrupt() == 0, pm.Said);
        }
        finally
        {
            busy.Kill();
            busy.WaitForExit();
        }
    }

    [Fact]
    public void A_clock_can_go_on_without_pm_until_it_is_stopped()
    {
        var name = $"clocked-{Environment.ProcessId}";
        var copy = Path.Join(_directory, name + ".o");
        File.Copy(Object("clocked"), copy);
        Assert.Equal($"{name}/1\n", Pm("run", "-q", "-d", "--frequency", "199", copy));
        try
        {
            // What shows them, is seen itself.
            using var logs = new ObjectProcess([], ["logs", "--json", "--follow", "--duration", "60s", name], Variables);
            Assert.Contains("\"processor\":", logs.Await("\"pid\":"), StringComparison.Ordinal);
            Assert.True(logs.Interrupt() == 0, logs.Said);
        }
        finally
        {
            Pm("stop", "-q", name);
        }
    }

    [Fact]
    public void More_often_than_the_kernel_samples_says_how_often_it_does()
    {
        const string path = "/proc/sys/kernel/perf_event_max_sample_rate";
        Assert.SkipUnless(int.TryParse(File.ReadAllText(path), out var most) && most < 100_000, "this kernel samples as often as anybody may ask");

        using var pm = new ObjectProcess([], ["run", "--frequency", "100000", Object("clocked")], Variables);

        Assert.False(pm.IsAttached());
        Assert.Contains($"100000 times a second is more than this kernel samples ({path}: ", pm.Said, StringComparison.Ordinal);
    }

    Dictionary<string, string> Variables => new(StringComparer.Ordinal) { ["HOME"] = _directory, ["PM_ROOT"] = Path.Join(_directory, "root"), ["PM_STORE"] = Path.Join(_directory, "store") };

    static string Object(string name) => Path.Join(AppContext.BaseDirectory, "objects", name + ".o");

    static void Shell(string script) => Process.Start("bash", ["-c", script]).WaitForExit();

    string Pm(params string[] words)
    {
        var start = new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "pm"), words) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var data = process.StandardOutput.ReadToEnd();
        var talk = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"pm {string.Join(' ', words)}: {process.ExitCode}\n{talk}");
        return data;
    }
}
