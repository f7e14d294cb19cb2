using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>pm on a machine that has nothing yet.</summary>
public sealed partial class BareMachineTests
{
    [Fact]
    public void What_is_missing_is_named_with_the_command_that_brings_it()
    {
        var machine = new KernelMachine().With(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"), "root/opens.o");

        var report = machine.Run("""
            step version pm --version
            step doctor pm doctor --ebpf
            step describe pm doctor --ebpf --json
            step help pm run opens.o -- --help
            step run pm run opens.o
            step check pm check opens.o
            step install pm install opensnoop
            step remote pm remote add --trust-first-use http://127.0.0.1:8000
            step secure pm run --trust https://127.0.0.1:8000/x.o
            step key pm key new me
            """);

        Assert.Equal(0, report["version"].Exit);
        Assert.Contains("libbpf.so.1", report["doctor"].Output, StringComparison.Ordinal);
        Assert.Contains("apt-get install libbpf1", report["doctor"].Errors, StringComparison.Ordinal);
        Assert.Contains("\"release\":\"6.", report["describe"].Output, StringComparison.Ordinal);
        Assert.True(report["help"].Exit == 0, report["help"].ToString());
        AssertMissing(report["run"], "libbpf.so.1", "libbpf1");
        Assert.NotEqual(134, report["check"].Exit);
        AssertMissing(report["secure"], "libssl.so.3", "libssl3");
        Assert.All((string[])["install", "remote", "key"], name => Assert.True(report[name].Exit is > 0 and < 126, $"{name}: {report[name]}"));
    }

    [Fact]
    public void With_two_libraries_a_program_runs_by_name_and_tells()
    {
        var report = HubMachine.Make().Run(HubMachine.Serve + """
            watch run "/etc/hosts" "cat /etc/hosts" ebpm run --allow-unsigned opensnoop
            step left sh -c 'wc -l < /sys/kernel/tracing/enabled_functions; grep -c . /proc/mounts; ls /usr/local /var/lib /root/.local 2>&1'
            """);

        var run = report["run"];
        Assert.True(run.Exit == 0, $"{report["remote"]}\n{report["pull"]}\n{run}");
        Assert.Contains("mounted tracefs on /sys/kernel/tracing", run.Errors, StringComparison.Ordinal);
        Assert.Contains("4 programs attached", run.Errors, StringComparison.Ordinal);
        Assert.Matches(@"PID +UID +RET +FLAGS +COMM +FNAME *\n", run.Output);
        Assert.Matches(@"\n\d+ +0 +\d+ +\d+ +cat +/etc/hosts", run.Output);
        Assert.StartsWith("0\n", report["left"].Output, StringComparison.Ordinal);
    }

    /// <summary>The first example of eBPF, as it stands there: what is opened in it is opened, and each line of it comes, with numbers of its own.</summary>
    [Fact]
    public void What_the_read_me_shows_of_a_bare_machine_is_what_comes()
    {
        var lines = File.ReadAllLines(ReadMe()).Select(l => l.Trim()).SkipWhile(l => !l.StartsWith("$ sudo ebpm run ", StringComparison.Ordinal)).TakeWhile(l => l.Length > 0).ToList();
        var opened = lines.Where(l => l.Contains(" /etc/", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        var run = HubMachine.Make().Run(HubMachine.Serve + $"""
            watch run '{opened[^1][^1]}' '{string.Join("; ", opened.Select(o => $"{o[^2]} {o[^1]}"))}' {lines[0]["$ sudo ".Length..]}
            """)["run"];

        Assert.True(opened.Count > 1 && run.Exit == 0, run.ToString());
        var shape = string.Join("(.*\n)*", lines.Skip(1).Where(l => l != "…").Select(l => $"{Blanks().Replace(Numbers().Replace(Regex.Escape(l), "[0-9]+"), " +")} *\n"));
        Assert.Matches($"^{shape}", run.Errors + run.Output);
    }

    static string ReadMe([CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../README.md"));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(\\ )+")]
    private static partial Regex Blanks();

    static void AssertMissing(MachineStep step, string library, string package)
    {
        Assert.Equal(1, step.Exit);
        Assert.Contains($"error[PM8005]: system library {library} cannot be loaded", step.Errors, StringComparison.Ordinal);
        Assert.Contains($"apt-get install {package}", step.Errors, StringComparison.Ordinal);
    }
}
