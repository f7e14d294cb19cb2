using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Pm.Linux.Tests;

public class ChildProcessTests
{
    static readonly Dictionary<string, string> Path = new() { ["PATH"] = "/usr/bin:/bin" };

    [Fact]
    public void What_a_child_starts_has_its_limits_from_the_beginning()
    {
        var result = ChildProcess.Run(Shell("sh -c 'ulimit -v; ulimit -f'") with { MemoryLimit = 512 << 20, FileSizeLimit = 512 * 77 });

        Assert.Equal("524288\n77\n", result.OutputText);
    }

    [Fact]
    public void What_the_processes_of_a_group_read_and_work_is_seen()
    {
        var group = int.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[3], CultureInfo.InvariantCulture);
        var before = ProcessActivity.OfGroup(group);
        File.ReadAllBytes("/proc/self/exe");

        var after = ProcessActivity.OfGroup(group);

        Assert.InRange(after.ReadBytes - before.ReadBytes, new FileInfo("/proc/self/exe").ResolveLinkTarget(true) is FileInfo file ? file.Length : 1, long.MaxValue);
        Assert.True(after.Ticks >= before.Ticks);
        Assert.Equal(default, ProcessActivity.OfGroup(int.MaxValue));
    }

    [Fact]
    public void Output_error_and_exit_code_come_back()
    {
        var result = Run("echo out; echo err >&2; exit 7");

        Assert.Equal((7, null, "out\n", "err\n"), (result.ExitCode, result.Signal, result.OutputText, result.ErrorText));
        Assert.False(result.IsSuccess);
        Assert.Equal("exit code 7", result.ToString());
    }

    [Fact]
    public void A_signal_that_ended_it_comes_back()
    {
        var result = Run("kill -11 $$");

        Assert.Equal((null, 11, 139), (result.ExitCode, result.Signal, result.ShellCode));
        Assert.Equal("signal 11", result.ToString());
    }

    [Fact]
    public void Large_input_and_outputs_flow_at_once_without_stopping_each_other()
    {
        var input = new byte[300_000];
        new Random(3).NextBytes(input);

        var result = ChildProcess.Run(Shell("tee /dev/stderr") with { Input = input }, TestContext.Current.CancellationToken);

        Assert.Equal(input, result.Output.ToArray());
        Assert.Equal(input, result.Error.ToArray());
    }

    [Fact]
    public void Input_from_a_stream_is_fed_to_its_end()
    {
        var input = new byte[200_001];
        new Random(4).NextBytes(input);

        var result = ChildProcess.Run(
            Shell("cat") with { InputStream = new MemoryStream(input) }, TestContext.Current.CancellationToken);

        Assert.Equal(input, result.Output.ToArray());
    }

    [Fact]
    public void A_child_that_does_not_read_its_input_is_no_failure()
    {
        var result = ChildProcess.Run(
            Shell("exec 0<&-; echo done") with { Input = new byte[1_000_000] }, TestContext.Current.CancellationToken);

        Assert.Equal((0, "done\n"), (result.ExitCode, result.OutputText));
    }

    [Fact]
    public void Without_input_there_is_nothing_to_read() => Assert.Equal("0\n", Run("wc -c").OutputText);

    [Fact]
    public void Output_over_the_limit_is_dropped_and_told()
    {
        var result = ChildProcess.Run(
            Shell("head -c 200000 /dev/zero; head -c 1000 /dev/zero >&2") with { OutputLimit = 1000, ErrorLimit = 1000 },
            TestContext.Current.CancellationToken);

        Assert.Equal((0, 1000, 1000), (result.ExitCode, result.Output.Length, result.Error.Length));
        Assert.Equal((true, false), (result.IsOutputCut, result.IsErrorCut));
    }

    [Fact]
    public void The_environment_is_exactly_what_was_given()
    {
        var result = ChildProcess.Run(
            new ChildOptions
            {
                FileName = "env",
                SearchPath = "/usr/bin:/bin",
                Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "two words\nlines" },
            },
            TestContext.Current.CancellationToken);

        Assert.Equal("A=1\nB=two words\nlines\n", result.OutputText);
        Assert.Throws<ArgumentException>(() => ChildProcess.Run(
            Shell("") with { Environment = new Dictionary<string, string> { ["A=B"] = "" } }));
        Assert.Throws<ArgumentException>(() => ChildProcess.Run(Shell("nul\0")));
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        string[] arguments = ["%s\\n", "", "two words", "*", "$HOME", "'", "Grüße"];

        var result = ChildProcess.Run(
            new ChildOptions { FileName = "/usr/bin/printf", Arguments = arguments }, TestContext.Current.CancellationToken);

        Assert.Equal("\ntwo words\n*\n$HOME\n'\nGrüße\n", result.OutputText);
    }

    [Fact]
    public void It_starts_where_it_was_told_to()
    {
        using var here = new TestDirectory();

        var result = ChildProcess.Run(Shell("pwd -P") with { WorkingDirectory = here.Path }, TestContext.Current.CancellationToken);

        Assert.Equal(here.Path + "\n", result.OutputText);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var here = new TestDirectory();
        here.Write("script", "#!/none/such\n");
        here.Handle.SetMode("script", Octal.Mode("755"));
        here.Write("plain", "echo");

        Assert.Equal(
            "spawn gpgv-none: no such program in /usr/bin:/bin",
            Fails(new ChildOptions { FileName = "gpgv-none", SearchPath = "/usr/bin:/bin" }, Errno.ENOENT).Message);
        Assert.Equal("/none/such", Fails(new ChildOptions { FileName = "/none/such" }, Errno.ENOENT).Path);
        Assert.Equal(
            $"spawn {here["script"]}: the interpreter it asks for is missing",
            Fails(new ChildOptions { FileName = here["script"] }, Errno.ENOENT).Message);
        Assert.Equal(
            $"chdir {here["none"]}: No such file or directory",
            Fails(Shell("") with { WorkingDirectory = here["none"] }, Errno.ENOENT).Message);
        Fails(new ChildOptions { FileName = here["plain"] }, Errno.EACCES);
        Fails(new ChildOptions { FileName = here.Path }, Errno.EACCES);
    }

    [Fact]
    public void After_its_time_it_and_its_children_are_ended()
    {
        using var here = new TestDirectory();
        Puppet.Shell($"mkfifo '{here["pipe"]}'");

        // The pipe ends for its reader when the grandchild is gone too.
        var reader = new Thread(() => File.ReadAllText(here["pipe"]));
        reader.Start();

        var result = ChildProcess.Run(
            Shell($"sleep 1000 > '{here["pipe"]}' & wait; echo not reached") with { Timeout = TimeSpan.FromMilliseconds(300) },
            TestContext.Current.CancellationToken);

        Assert.True(result.HasTimedOut);
        Assert.Equal((15, ""), (result.Signal, result.OutputText));
        Assert.Equal("no end in time", result.ToString());
        Assert.True(reader.Join(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void One_that_will_not_end_is_killed_after_the_grace()
    {
        var start = Stopwatch.StartNew();

        var result = ChildProcess.Run(
            Shell("trap '' TERM; while :; do sleep 1000 & wait; done") with
            {
                Timeout = TimeSpan.FromMilliseconds(100),
                Grace = TimeSpan.FromMilliseconds(100),
            },
            TestContext.Current.CancellationToken);

        Assert.Equal((9, true), (result.Signal, result.HasTimedOut));
        Assert.True(start.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void One_that_writes_without_end_is_ended_in_time_too()
    {
        var result = ChildProcess.Run(
            Shell("exec yes") with { Timeout = TimeSpan.FromMilliseconds(200), OutputLimit = 10 },
            TestContext.Current.CancellationToken);

        Assert.True(result.HasTimedOut);
        Assert.Equal("y\ny\ny\ny\ny\n", result.OutputText);
    }

    [Fact]
    public void A_cancelled_one_is_ended_and_says_so()
    {
        using var stop = new CancellationTokenSource();
        using var here = new TestDirectory();
        Puppet.Shell($"mkfifo '{here["pipe"]}'");
        var canceller = new Thread(() =>
        {
            _ = File.ReadAllText(here["pipe"]);
            stop.Cancel();
        });
        canceller.Start();

        Assert.Throws<OperationCanceledException>(() =>
            ChildProcess.Run(Shell($"echo up > '{here["pipe"]}'; exec sleep 1000"), stop.Token));
        canceller.Join();
        Assert.Throws<OperationCanceledException>(() => ChildProcess.Run(Shell("true"), stop.Token));
    }

    [Fact]
    public void A_daemon_that_keeps_the_pipes_is_not_waited_for()
    {
        using var here = new TestDirectory();

        var result = Run($"sleep 1000 & echo $! ; exit 3");

        Assert.Equal(3, result.ExitCode);
        Puppet.Shell($"kill {result.OutputText}");
    }

    [Fact]
    public void No_descriptor_but_the_three_reaches_it()
    {
        using var here = new TestDirectory();
        here.Write("file", "");
        using var file = here.Handle.OpenRead("file");
        using var held = FileLock.TryExclusive(here["lock"], "x");

        // The listing itself has one more open.
        Assert.Equal("0\n1\n2\n3\n", Run("exec ls /proc/self/fd").OutputText);
    }

    [Fact]
    public void Signals_are_at_their_defaults()
    {
        var status = Run("exec cat /proc/self/status").OutputText;

        Assert.Contains("SigBlk:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", status, StringComparison.Ordinal);
    }

    [Fact]
    public void It_leads_a_process_group_of_its_own()
    {
        var fields = Run("exec cat /proc/self/stat").OutputText.Split(' ');

        Assert.Equal(fields[0], fields[4]);
    }

    /// <summary>What runs holds a pipe open, of which the other end sees when nobody does any more.</summary>
    [Theory]
    [InlineData("free")]
    [InlineData("confined")]
    public async Task What_is_to_end_with_its_parent_does_when_that_is_killed(string how)
    {
        using var here = new TestDirectory();
        Puppet.Shell($"mkfifo '{here["pipe"]}'");
        using var parent = Process.Start(new ProcessStartInfo(Puppet.Path, ["follow", $"exec 3< '{here["pipe"]}'; (cat <&3; :) & trap '' TERM HUP; wait", how]))!;
        using var held = await Task.Run(() => File.OpenHandle(here["pipe"], FileMode.Open, FileAccess.Write), TestContext.Current.CancellationToken);
        using var wait = new DescriptorWait(TestContext.Current.CancellationToken);
        wait.Begin(wakes: true);
        var end = wait.End((int)held.DangerousGetHandle());
        // The thread that started a confined child has ended: that alone ends nothing.
        wait.Wait(200);
        Assert.False(wait.IsBroken(end));

        parent.Kill();

        // A signal ends a wait early.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                wait.Wait(1000);
                return wait.IsBroken(end);
            },
            TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void What_is_to_end_with_its_parent_is_heard_fed_and_ended_as_any_other_and_who_watches_it_goes()
    {
        var result = ChildProcess.Run(
            Shell("cat; read -r stat < /proc/$$/stat; echo $stat >&2; exit 7") with { EndsWithParent = true, Input = "in"u8.ToArray() }, TestContext.Current.CancellationToken);
        var late = ChildProcess.Run(
            Shell("trap '' TERM; read -r stat < /proc/$$/stat; echo $stat >&2; sleep 1000 & wait; sleep 1000") with { EndsWithParent = true, Timeout = TimeSpan.FromMilliseconds(300), Grace = TimeSpan.FromMilliseconds(100) },
            TestContext.Current.CancellationToken);

        Assert.Equal((7, "in"), (result.ExitCode, result.OutputText));
        Assert.Equal((true, 9), (late.HasTimedOut, late.Signal));
        Assert.False(ProcessProbe.IsAlive(GroupOf(result)));
        Assert.False(ProcessProbe.IsAlive(GroupOf(late)));
        Assert.Throws<SystemCallException>(() => ChildProcess.Run(new ChildOptions { FileName = "/none/such", EndsWithParent = true }));
    }

    /// <summary>timeout(1) makes a group of its own, setsid(1) a session.</summary>
    [Theory]
    [InlineData("exec timeout 1000 sleep 1000")]
    [InlineData("exec setsid sleep 1000")]
    [InlineData("trap '' TERM; exec setsid sleep 1000")]
    public void What_leaves_its_group_is_ended_as_well_when_its_time_is_over(string script)
    {
        var result = ChildProcess.Run(Shell(script) with { EndsWithParent = true, Timeout = TimeSpan.FromMilliseconds(200), Grace = TimeSpan.FromMilliseconds(100) }, TestContext.Current.CancellationToken);

        Assert.True(result.HasTimedOut);
    }

    [Fact]
    public void Becoming_another_program_keeps_the_number_and_gives_exactly_the_environment()
    {
        var result = Puppet.Run("become", "/bin/sh", "-c", "echo $ONLY $HOME; grep -E 'SigIgn|SigBlk' /proc/self/status");

        Assert.Equal("this\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", result.OutputText);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Becoming_a_missing_program_fails_and_this_one_goes_on()
    {
        var e = Assert.Throws<SystemCallException>(() => ProcessImage.Replace("/none/such", [], []));

        Assert.Equal((Errno.ENOENT, "exec /none/such: No such file or directory"), (e.Errno, e.Message));
        Assert.True(Run("true").IsSuccess);
    }

    static int GroupOf(ChildResult result) => int.Parse(result.ErrorText.Split(' ')[4], CultureInfo.InvariantCulture);

    static ChildOptions Shell(string script) =>
        new() { FileName = "/bin/sh", Arguments = ["-c", script], Environment = Path, Timeout = TimeSpan.FromMinutes(1) };

    static ChildResult Run(string script) => ChildProcess.Run(Shell(script), TestContext.Current.CancellationToken);

    static SystemCallException Fails(ChildOptions options, int errno)
    {
        var e = Assert.Throws<SystemCallException>(() => ChildProcess.Run(options));
        Assert.Equal(errno, e.Errno);
        return e;
    }
}
