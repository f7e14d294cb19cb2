using System.Diagnostics;
using System.Runtime.InteropServices;
using Pm.Cli.Tests.Gear;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>The executable itself, killed in the middle of a build.</summary>
public sealed class KilledBuildTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly string Executable = Environment.GetEnvironmentVariable("PM_TEST_BIN") is { Length: > 0 } native
        ? native
        : Path.Join(AppContext.BaseDirectory, "pm");

    /// <summary>A command, and what it starts, hold a pipe open that breaks when the last of them has ended. They would end by themselves when the test closes it.</summary>
    [Fact]
    public async Task What_a_killed_build_runs_ends_with_it()
    {
        using var sandbox = new Sandbox(null);
        var pipe = Path.Join(sandbox.Top, "pipe");
        sandbox.Shell($"mkfifo '{pipe}'");
        File.WriteAllText(Path.Join(sandbox.Work, "pm.toml"), $"package = {{ name = 'a', version = '1' }}\nbuild.command = 'exec 3< {pipe}; cat <&3 & wait'\n");
        using var pm = Start(sandbox);
        using var held = await Task.Run(() => File.OpenHandle(pipe, FileMode.Open, FileAccess.Write), TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        using var wait = new DescriptorWait(TestContext.Current.CancellationToken);
        wait.Begin(wakes: true);
        var end = wait.End((int)held.DangerousGetHandle());
        Assert.False(IsBroken(wait, end), "it ended by itself");

        pm.Kill();
        await pm.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(128 + 9, pm.ExitCode);
        Assert.True(SpinWait.SpinUntil(() => IsBroken(wait, end), Patience), "what it ran goes on");
    }

    /// <summary>A signal ends a wait early.</summary>
    static bool IsBroken(DescriptorWait wait, int place)
    {
        wait.Wait(100);
        return wait.IsBroken(place);
    }

    static Process Start(Sandbox sandbox)
    {
        var start = new ProcessStartInfo(Executable, ["build", "--no-sign"]) { WorkingDirectory = sandbox.Work, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in sandbox.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["PM_BUILD_SCRATCH"] = Path.Join(sandbox.Top, "tmp");
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        return Process.Start(start)!;
    }
}
