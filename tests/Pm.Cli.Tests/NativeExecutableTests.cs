using System.Text;
using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>The executable that PM_TEST_BIN names, as it lies somewhere.</summary>
public class NativeExecutableTests
{
    /// <summary>A folder of downloads may have anybody's files in it.</summary>
    [Fact]
    public void Libraries_beside_it_are_not_taken_for_the_systems()
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        using var sandbox = new Sandbox(null);
        File.Copy(executable!, Path.Join(sandbox.Work, "pm"));
        foreach (var library in (string[])["libc.so.6", "libm.so.6", "libcrypto.so.3", "libzstd.so.1"])
        {
            File.WriteAllText(Path.Join(sandbox.Work, library), "nobody's library");
        }

        var built = sandbox.Shell("""printf '[package]\nname = "x"\nversion = "1.0.0"\nfiles = ["x"]\n' > pm.toml; echo x > x; ./pm build --no-sign""");

        Assert.True(built.Exit == 0, built.Talk);
        Assert.True(File.Exists(Path.Join(sandbox.Work, "x-1.0.0.pkg")));
    }

    /// <summary>As pm's own scripts have it (8 GiB), `ulimit -v` and LimitAS= of systemd: the collector must not ask for more addresses than there may be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(256)]
    public void It_starts_under_a_limit_of_addresses(int gibibytes)
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        using var sandbox = new Sandbox(null);

        var started = sandbox.Shell($"ulimit -v {gibibytes << 20}; {executable} version && {executable} merkle /dev/null");

        Assert.True(started.Exit == 0, started.Talk);
        Assert.StartsWith("pm ", Encoding.UTF8.GetString(started.Output), StringComparison.Ordinal);
    }

    /// <summary>What is opened next would be taken for them: once that was a pipe in which what pm writes was signals to itself.</summary>
    [Theory]
    [InlineData("pm --version <&-", 0)]
    [InlineData("pm --version <&- >&-", 1)]
    [InlineData("pm merkle /dev/null <&-", 0)]
    [InlineData("pm merkle /dev/null >&-", 1)]
    [InlineData("pm merkle /dev/null <&- >&- 2>&-", 1)]
    [InlineData("pm nosuch 2>&-", 2)]
    [InlineData("pm nosuch <&- >&- 2>&-", 2)]
    [InlineData("pm run - <&-", 6)]
    [InlineData("pm rpc <&-", 0)]
    public void Streams_that_are_closed_stay_so(string line, int exit)
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        using var sandbox = new Sandbox(null);

        var ended = sandbox.Shell(executable + line[2..]);

        Assert.True(ended.Exit == exit, $"{ended.Exit}: {ended.Talk}");
    }

    /// <summary>A script takes the number for what it says: it does not run.</summary>
    [Theory]
    [InlineData(">/dev/full")]
    [InlineData("--json >/dev/full")]
    [InlineData(">&-")]
    public void What_runs_on_its_own_and_cannot_say_its_name_is_ended(string how)
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        Ebpf.ObjectProcess.RequireKernel();
        using var sandbox = new Sandbox(null);
        var name = $"untold-{Environment.ProcessId}";
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"), Path.Join(sandbox.Work, name + ".bpf.o"));

        var ended = sandbox.Shell($"{executable} run -d ./{name}.bpf.o {how}");
        var left = sandbox.Shell($"{executable} ps; {executable} stop {name} 2>&1");

        Assert.True(ended.Exit == 1, $"{ended.Exit}: {ended.Talk}");
        Assert.DoesNotContain("attached", ended.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain(name + "/", Encoding.UTF8.GetString(left.Output), StringComparison.Ordinal);
    }

    /// <summary>However few files it may open: it runs, or nothing of it is left, and no program is blamed.</summary>
    [Fact]
    public void What_runs_on_its_own_with_few_files_runs_whole_or_not_at_all()
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        Ebpf.ObjectProcess.RequireKernel();
        using var sandbox = new Sandbox(null);
        var name = $"few-{Environment.ProcessId}";
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"), Path.Join(sandbox.Work, name + ".bpf.o"));
        var (ran, refused) = (0, 0);
        for (var files = 10; files < 40; files++)
        {
            var ended = sandbox.Shell($"prlimit --nofile={files}:{files} {executable} run -d ./{name}.bpf.o & pid=$!; wait $pid && code=0 || code=$?; ls /sys/fs/bpf/pm/+aside 2>/dev/null | grep \"^$pid-\" || true; exit $code");
            Assert.DoesNotContain("verifier", ended.Talk, StringComparison.Ordinal);
            if (ended.Exit == 0)
            {
                Assert.Equal(0, sandbox.Shell($"{executable} stop {Encoding.UTF8.GetString(ended.Output)}").Exit);
                ran++;
            }
            else
            {
                Assert.Empty(Encoding.UTF8.GetString(ended.Output));
                refused++;
            }
        }

        Assert.True(ran > 0 && refused > 0, $"{ran} ran, {refused} did not");
        Assert.DoesNotContain(name + "/", Encoding.UTF8.GetString(sandbox.Shell($"{executable} ps").Output), StringComparison.Ordinal);
    }

    /// <summary>Programs are taken from their hooks when their time is over or a signal comes, whether somebody reads what they told or not.</summary>
    [Theory]
    [InlineData("opens", "--json", "TERM")]
    [InlineData("opens", "--json", "HUP")]
    [InlineData("opens", "--json --duration 0.1s", null)]
    [InlineData("lengthy", "", "TERM")]
    [InlineData("lengthy", "--duration 0.1s", null)]
    public void A_reader_who_reads_nothing_keeps_no_program_at_its_hook(string name, string options, string? signal)
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        Ebpf.ObjectProcess.RequireKernel();
        using var sandbox = new Sandbox(null);
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", $"{name}.o"), Path.Join(sandbox.Work, $"{name}.o"));
        // What each file that is opened tells, or the text of an iterator, fills the pipe, which is kept open and not read; pm ends, or all that it has at hooks is gone.
        var script = $$"""
            mkfifo p; exec 3<>p
            {{executable}} run {{options}} ./{{name}}.o > p 2> talk & pid=$!
            until grep -q attached talk; do :; done
            n=0; while [ $n -lt 3000 ]; do : < talk; n=$((n+1)); done
            {{(signal is null ? "" : $"kill -{signal} $pid; wait $pid || exit 1; exit 0")}}
            while ls -l /proc/$pid/fd | grep -q bpf_link; do :; done
            cat p 3<&- > text & reader=$!
            exec 3<&-
            wait $pid || exit 1
            wait $reader
            {{(name is "lengthy" ? "grep -q 'there may be more' talk || exit 2; head -n -1 text | awk '$NF != n && $NF != 0 { exit 3 } { n = $NF + 1 }'" : "")}}
            """;

        var ended = sandbox.Shell(script);

        Assert.True(ended.Exit == 0, $"{ended.Exit}: {ended.Talk}");
    }

    /// <summary>A quiet program is one, too, whose reader is gone.</summary>
    [Fact]
    public void Who_goes_is_noticed_also_where_nothing_is_told()
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        Ebpf.ObjectProcess.RequireKernel();
        using var sandbox = new Sandbox(null);
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"), Path.Join(sandbox.Work, "opens.o"));

        var ended = sandbox.Shell($"{{ timeout -s KILL 60 {executable} run --json ./opens.o -- --target-pid 1 2> talk || echo $? > code; }} | {{ until grep -q attached talk; do :; done; }}; cat code");

        Assert.Equal("141\n", Encoding.UTF8.GetString(ended.Output));
    }

    /// <summary>Too little of anything ends with a line and a number, not with a trace of calls.</summary>
    [Fact]
    public void Too_few_files_are_said()
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        using var sandbox = new Sandbox(null);

        var ended = sandbox.Shell($"prlimit --nofile=4:4 {executable} ps");

        Assert.Equal(1, ended.Exit);
        Assert.Matches("\\Apm: error\\[PM[0-9]{4}\\]: .*\n\\z", ended.Talk);
    }
}
