using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>Programs at hooks that few kernels have all of, put where their user says: each is seen to be called. What Debian's kernel lacks is refused in the words that were said beforehand.</summary>
public sealed class KernelPlaceTests(KernelPlaceTests.AllPlaces places) : IClassFixture<KernelPlaceTests.AllPlaces>
{
    /// <summary>It was AT_REMOVEDIR (512) that it asked for, and was told ENOENT (-2).</summary>
    [Theory]
    [InlineData("WAY_MARKED", 41)]
    [InlineData("WAY_CALLED", 512)]
    [InlineData("WAY_CALL_DONE", -2)]
    [InlineData("WAY_LEFT", -2)]
    public void What_a_program_does_is_told_from_its_mark_its_system_call_and_the_end_of_a_function(string way, int value)
    {
        var step = places.Report["told"];

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("4 programs attached", step.Errors, StringComparison.Ordinal);
        Assert.Contains($"{{\"way\":\"{way}\",\"value\":{value},\"comm\":\"marked\"}}\n", step.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_function_returns_is_changed_and_a_decision_is_made_as_long_as_they_are_attached()
    {
        var (step, held, allowed) = (places.Report["refused"], places.Report["held"], places.Report["allowed"]);

        Assert.True(step.Exit == 0, step.ToString());
        Assert.Contains("2 programs attached", step.Errors, StringComparison.Ordinal);
        Assert.All((string[])["WAY_CHANGED", "WAY_DECIDED"], way => Assert.Contains($"{{\"way\":\"{way}\",\"value\":-1,\"comm\":\"refused\"}}\n", step.Output, StringComparison.Ordinal));
        Assert.Equal("kept\nrmdir: '/tmp/d/kept': Operation not permitted\nmkdir: can't create directory '/tmp/d/made': Operation not permitted\n", held.Output);
        Assert.Equal("made\n", allowed.Output);
    }

    [Fact]
    public void Many_functions_at_once_need_what_this_kernel_lacks()
    {
        const string cause = "this kernel cannot trace many functions at once (CONFIG_FPROBE)";
        var step = places.Report["many"];

        Assert.Equal(1, step.Exit);
        Assert.All((string[])["many` (kprobe.multi/do_unlink*", "many_done` (kretprobe.multi/do_unlink?t"], p => Assert.Contains($"program `{p}): {cause}", step.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_said_beforehand_is_what_comes()
    {
        Assert.Equal(
            ["marked yes", "many no", "many_done no", "called yes", "call_done yes", "left yes", "changed yes", "decided yes"],
            Rows(places.Report["check"]).Select(r => $"{r[1]} {r[3]}"));
        Assert.Contains("fmod_ret/security_inode_rmdir\tyes\t", places.Report["check"].Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("called` (ksyscall/pm_nothing): this kernel has no system call `pm_nothing`", "called\tksyscall/pm_nothing\tno\tthis kernel has no system call `pm_nothing` [PM8034]")]
    [InlineData("call_done` (kretsyscall/pm_nothing): this kernel has no system call `pm_nothing`", "call_done\tkretsyscall/pm_nothing\tno\tthis kernel has no system call `pm_nothing` [PM8034]")]
    [InlineData("left` (fexit/pm_nothing): this kernel has no function `pm_nothing` to trace (renamed or inlined?)", "left\tfexit/pm_nothing\tno\tthis kernel has no function `pm_nothing` to trace (renamed or inlined?); did you mean `")]
    [InlineData("changed` (fmod_ret/do_unlinkat): the verifier refuses it: do_unlinkat() is not modifiable", "changed\tfmod_ret/do_unlinkat\tno\tthis kernel lets no program change what `do_unlinkat` returns [PM8036]")]
    [InlineData("decided` (lsm/pm_nothing): this kernel has no security decision `pm_nothing`", "decided\tlsm/pm_nothing\tno\tthis kernel has no security decision `pm_nothing` [PM8034]")]
    [InlineData("marked` (usdt//root/marked:pm:nothing): `/root/marked` has no mark `pm:nothing`", "marked\tusdt//root/marked:pm:nothing\tno\t`/root/marked` has no mark `pm:nothing` [PM8039]")]
    public void What_is_not_there_is_named_by_both(string run, string check)
    {
        Assert.Contains("program `" + run, places.Report["wrong"].Errors, StringComparison.Ordinal);
        Assert.Contains("aimed.o\t" + check, places.Report["wrong-check"].Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-file", "there is no program or library `/pm/nowhere`")]
    [InlineData("no-program", "`/script.sh` is no program or library")]
    [InlineData("no-marks", "`/bin/busybox` has no mark `pm:reached`")]
    public void A_file_without_the_mark_is_named(string step, string cause) => Assert.All((string[])[places.Report[step].Errors, places.Report[step + "-check"].Output], said => Assert.Contains(cause, said, StringComparison.Ordinal));

    static IEnumerable<string[]> Rows(MachineStep step) => step.Output.Split('\n').Select(l => l.Split('\t')).Where(r => r.Length > 3);

    /// <summary>One machine for all: each takes seconds.</summary>
    public sealed class AllPlaces
    {
        const string Places = "--at marked=/root/marked:pm:reached --at called=unlinkat --at call_done=unlinkat --at left=do_rmdir";
        const string Refusals = "--at changed=security_inode_rmdir --at decided=inode_mkdir";
        const string Many = "--at many='do_unlink*' --at many_done='do_unlink?t'";
        const string Wrong = "--at marked=/root/marked:pm:nothing --at called=pm_nothing --at call_done=pm_nothing --at left=pm_nothing --at changed=do_unlinkat --at decided=pm_nothing";

        readonly Lazy<MachineReport> _report = new(() => new KernelMachine().With("libssl.so.3", "libzstd.so.1", "libbpf.so.1")
            .With(Path.Join(AppContext.BaseDirectory, "objects", "aimed.o"), "root/aimed.o").With(GuestProgram.Compile("marked"), "root/marked").Run($$"""
            watch told WAY_MARKED ./marked pm run --json {{Places}} aimed.o
            mkdir -p /tmp/d/kept
            cp /bin/busybox /tmp/refused
            ask() { (exec -a rmdir /tmp/refused /tmp/d/kept); (exec -a mkdir /tmp/refused /tmp/d/made); }
            watch refused WAY_DECIDED '((exec -a rmdir /tmp/refused /tmp/d/kept); (exec -a mkdir /tmp/refused /tmp/d/made)) 2> /tmp/said' pm run --json {{Refusals}} aimed.o
            step held sh -c 'ls /tmp/d; cat /tmp/said'
            ask
            step allowed ls /tmp/d
            step many pm run {{Many}} aimed.o
            step check pm check {{Places}} {{Refusals}} {{Many}} aimed.o
            step wrong pm run {{Wrong}} aimed.o
            step wrong-check pm check {{Wrong}} aimed.o
            step no-file-check pm check --at marked=/pm/nowhere:pm:reached aimed.o
            step no-program-check pm check --at marked=/script.sh:pm:reached aimed.o
            step no-marks-check pm check --at marked=/bin/busybox:pm:reached aimed.o
            step no-file pm run --at marked=/pm/nowhere:pm:reached aimed.o
            step no-program pm run --at marked=/script.sh:pm:reached aimed.o
            step no-marks pm run --at marked=/bin/busybox:pm:reached aimed.o
            """));

        internal MachineReport Report => _report.Value;
    }
}
