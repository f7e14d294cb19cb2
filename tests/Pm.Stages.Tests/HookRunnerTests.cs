using System.Text;
using Pm.Packages;
using Pm.Stages.Hooks;
using Pm.Storage;
using Xunit;

namespace Pm.Stages.Tests;

public sealed class HookRunnerTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-hooks-").FullName;
    readonly List<string> _notes = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_script_runs_in_the_root_with_an_environment_of_its_own()
    {
        Run("#!/bin/sh\npwd > out; env | sort >> out\n", HookPolicy.Run, isSigned: true);

        var lines = File.ReadAllLines(Path.Join(_directory, "out"));
        Assert.Equal(_directory, lines[0]);
        Assert.Contains("PM_PACKAGE=tool", lines);
        Assert.Contains("PM_VERSION=1.0", lines);
        Assert.Contains("HOME=/", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("USER=", StringComparison.Ordinal) || l.StartsWith("DOTNET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HookPolicy.Skip, true)]
    [InlineData(HookPolicy.Run, false)]
    public void A_script_that_may_not_run_is_named_and_does_not_run(HookPolicy policy, bool isSigned)
    {
        Run("#!/bin/sh\ntouch ran\n", policy, isSigned);

        Assert.False(File.Exists(Path.Join(_directory, "ran")));
        Assert.Contains("post-install", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_script_is_an_error_with_the_end_of_what_it_said()
    {
        var error = Assert.Throws<StageException>(() => Run("#!/bin/sh\necho no room >&2; exit 3\n", HookPolicy.Run, isSigned: true));

        Assert.Equal("PM7510", error.Code);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("no room", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_script_stays_behind()
    {
        Run("#!/bin/sh\ntrue\n", HookPolicy.Run, isSigned: true);

        Assert.Empty(Directory.GetFiles(Path.Join(_directory, "scratch")));
    }

    void Run(string script, HookPolicy policy, bool isSigned)
    {
        var id = PackageId.Parse("tool@1.0");
        var builder = new PackageBuilder(id);
        builder.AddMeta("meta/bin/post-install", Encoding.UTF8.GetBytes(script));
        var runner = new HookRunner(
            policy, Path.Join(_directory, "scratch"), _ => isSigned, new StageObserver { Note = _notes.Add });

        runner.Run(new HookCall(HookMoment.PostInstall, builder.Build(), null, _directory), TestContext.Current.CancellationToken);
    }
}
