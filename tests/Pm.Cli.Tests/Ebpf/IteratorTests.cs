using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>Programs that walk over what the kernel has many of, and write of it as text.</summary>
public sealed class IteratorTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-walked-").FullName;

    public IteratorTests()
    {
        ObjectProcess.RequireKernel();
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Its_text_is_shown_once_and_pm_ends()
    {
        var (output, _) = Pm("run", "-q", Object, "--", "--pid", $"{Environment.ProcessId}");

        var lines = output.Split('\n');
        Assert.Equal("PID\tCOMM", lines[0]);
        Assert.StartsWith($"{Environment.ProcessId}\t", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" \\u001b[31m\"end\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(["PID\tCOMM", lines[1], ""], lines);
    }

    [Fact]
    public void As_json_each_line_says_whose_it_is()
    {
        var (output, _) = Pm("run", "-q", "--json", Object, "--", "--pid", $"{Environment.ProcessId}");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, l => Assert.Equal("tasks", l.GetProperty("program").GetString()));
        Assert.EndsWith(" \u001b[31m\"end\"", lines[1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    /// <summary>Whoever is told what it walks over asks for it by that name.</summary>
    [Fact]
    public void It_can_be_told_to_walk_over_what_is_not_there()
    {
        var (_, talk) = Pm(1, "run", "--at", "tasks=pm_no_such_thing", Object);

        Assert.Contains("PM8034", talk, StringComparison.Ordinal);
        Assert.Contains("pm_no_such_thing", talk, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_shown_as_events()
    {
        var tasks = Object.Replace("walked.o", "tasks.o", StringComparison.Ordinal);
        var (output, _) = Pm("run", "-q", "--json", tasks, "--", "--pid", $"{Environment.ProcessId}");
        var (columns, _) = Pm("run", "-q", tasks, "--", "--pid", $"{Environment.ProcessId}");

        // Threads in the order of their numbers, which begin anew when there are no more: the first need not be the process's own.
        var threads = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.All(threads, t => Assert.Equal(["pid", "tid", "comm"], t.EnumerateObject().Select(m => m.Name)));
        Assert.All(threads, t => Assert.Equal(Environment.ProcessId, t.GetProperty("pid").GetInt32()));
        Assert.Single(threads, t => t.GetProperty("tid").GetInt32() == Environment.ProcessId);
        Assert.StartsWith("PID ", columns, StringComparison.Ordinal);
        Assert.True(columns.Count(c => c == '\n') > 2, columns);
        Assert.Contains("\\u0000", Pm("run", "-q", "--event", "tasks=none", tasks).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Which_map_is_walked_over_is_said_by_its_user()
    {
        var counted = Object.Replace("walked.o", "counted.o", StringComparison.Ordinal);

        Assert.Equal("0 10\n1 20\n2 30\n", Pm("run", "-q", "--at", "told=counts", counted, "--", "--factor", "10").Output);
        Assert.StartsWith("{\"key\":0,\"more\":7,\"value\":0}\n{\"key\":1,\"more\":7,\"value\":0}\n", Pm("run", "-q", "--json", "--at", "written=counts", counted).Output, StringComparison.Ordinal);
        Assert.Contains("its section does not say which map it is to walk over: `--at told=MAP` does", Pm(1, "run", counted).Talk, StringComparison.Ordinal);
        Assert.Contains("(--at told=MAP)", Pm("run", counted, "--", "--help").Output, StringComparison.Ordinal);
        Assert.Contains("the object has no map `count`; did you mean `counts`?", Pm(1, "run", "--at", "told=count", counted).Talk, StringComparison.Ordinal);
        Assert.Contains("there is no map `/sys/fs/bpf/pm-is-not-there`", Pm(1, "run", "--at", "told=/sys/fs/bpf/pm-is-not-there", counted).Talk, StringComparison.Ordinal);
        Assert.Contains("it reads more than keys or values of map `narrow` have", Pm(1, "run", "--at", "told=narrow", counted).Talk, StringComparison.Ordinal);
        Assert.Contains("`iter/bpf_map_elem` does not walk over maps of the kind that `queue` is", Pm(1, "run", "--at", "told=queue", counted).Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("told=counts", "yes")]
    [InlineData("told=count", "no\tthe object has no map `count`; did you mean `counts`? [PM8039]")]
    [InlineData("told=queue", "no\t`iter/bpf_map_elem` does not walk over maps of the kind that `queue` is [PM8039]")]
    [InlineData("told=/sys/fs/bpf/a", "unknown\twhether `/sys/fs/bpf/a` is a map that it can walk over is not known before it is run [PM8039]")]
    public void It_is_said_beforehand_whether_a_map_can_be_walked_over(string at, string expected)
    {
        var counted = Object.Replace("walked.o", "counted.o", StringComparison.Ordinal);

        var row = Pm(8, "check", "--at", at, counted).Output.Split('\n')[0];

        Assert.Equal($"{counted}\ttold\titer/bpf_map_elem\t{expected}", row.TrimEnd('\t'));
    }

    /// <summary>One that another program pinned: here pm itself, of what runs on its own.</summary>
    [Fact]
    public void A_map_that_is_pinned_is_walked_over()
    {
        var name = $"counted-{Environment.ProcessId}";
        var copy = Path.Join(_directory, name + ".o");
        File.Copy(Object.Replace("walked.o", "counted.o", StringComparison.Ordinal), copy);
        Assert.Equal($"{name}/1\n", Pm("run", "-q", "-d", "--at", "told=counts", copy).Output);
        try
        {
            Assert.Equal("0 1\n1 2\n2 3\n", Pm("logs", "-q", name).Output);

            var running = JsonDocument.Parse(Pm("ps", "--json").Output).RootElement.GetProperty("data").GetProperty("running").EnumerateArray().Single(r => r.GetProperty("name").GetString() == $"{name}/1");
            var number = running.GetProperty("maps").EnumerateArray().Select(m => m.GetString()).ToList().IndexOf("counts");
            Assert.Equal("0 5\n1 10\n2 15\n", Pm("run", "-q", "--at", $"told=/sys/fs/bpf/pm/{name}/1/maps/{number}", copy, "--", "--factor", "5").Output);
        }
        finally
        {
            Pm("stop", "-q", name);
        }
    }

    [Fact]
    public void On_its_own_it_walks_whenever_it_is_read()
    {
        var name = $"walked-{Environment.ProcessId}";
        var copy = Path.Join(_directory, name + ".o");
        File.Copy(Object, copy);
        Assert.Equal($"{name}/1\n", Pm("run", "-q", "-d", copy).Output);
        try
        {
            using var later = Process.Start("sleep", ["60"]);
            try
            {
                Assert.Contains($"\n{later.Id}\t", Pm("logs", "-q", name).Output, StringComparison.Ordinal);
            }
            finally
            {
                later.Kill();
                later.WaitForExit();
            }

            Assert.DoesNotContain($"\n{later.Id}\t", Pm("logs", "-q", "--follow", name).Output, StringComparison.Ordinal);
        }
        finally
        {
            Pm("stop", "-q", name);
        }
    }

    [Fact]
    public void What_nobody_wants_to_be_shown_stays_so_on_its_own()
    {
        var name = $"tasks-{Environment.ProcessId}";
        var copy = Path.Join(_directory, name + ".o");
        File.Copy(Object.Replace("walked.o", "tasks.o", StringComparison.Ordinal), copy);
        Pm("run", "-q", "-d", "--event", "tasks=none", copy);
        try
        {
            Assert.Contains("\\u0000", Pm("logs", "-q", name).Output, StringComparison.Ordinal);
        }
        finally
        {
            Pm("stop", "-q", name);
        }
    }

    static string Object => Path.Join(AppContext.BaseDirectory, "objects", "walked.o");

    (string Output, string Talk) Pm(params string[] words) => Pm(0, words);

    (string Output, string Talk) Pm(int code, params string[] words)
    {
        var start = new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "pm"), words) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["HOME"], start.Environment["PM_ROOT"], start.Environment["PM_STORE"]) = (_directory, Path.Join(_directory, "root"), Path.Join(_directory, "store"));
        using var process = Process.Start(start)!;
        var data = process.StandardOutput.ReadToEnd();
        var talk = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == code, $"pm {string.Join(' ', words)}: {process.ExitCode}\n{talk}");
        return (data, talk);
    }
}
