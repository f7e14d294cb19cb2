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

        Assert.Empty(Directory.GetFiles(Path.Join(_directory, "var/cache/pm/hooks")));
    }

    [Fact]
    public void A_script_changes_the_root_and_its_temporary_directory_and_nothing_else()
    {
        using var outside = new OutsideFiles();
        Run(
            $"""
            #!/bin/sh
            echo in > inside; mkdir deep; mv inside deep/; ln -s deep/inside link; echo t > "$TMPDIR/t"
            cd {outside.Path}
            echo changed > file && echo wrote
            echo new > new && echo made
            rm -f file && echo removed
            mv file other && echo moved
            ln file "$PM_ROOT/stolen" && echo linked
            : > /dev/null && echo null >&2
            cat file
            """,
            HookPolicy.Run,
            isSigned: true);

        Assert.Equal("in\n", File.ReadAllText(Path.Join(_directory, "link")));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(outside.Path).Select(Path.GetFileName));
        Assert.Equal("as it was", File.ReadAllText(Path.Join(outside.Path, "file")));
        var said = Assert.Single(_notes);
        Assert.Contains("as it was", said, StringComparison.Ordinal);
        Assert.Contains("null", said, StringComparison.Ordinal);
        Assert.DoesNotContain("linked", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(_directory, "var/cache/pm/hooks")));
    }

    [Fact]
    public void What_a_script_started_ends_with_it_wherever_it_hid()
    {
        Run(
            """
            #!/bin/sh
            setsid sh -c 'trap "" TERM HUP; (trap "" TERM HUP; echo $$ >> left; exec sleep 1000) & echo $$ >> left; exec sleep 1000' &
            while [ "$(cat left | wc -l)" -lt 2 ]; do :; done
            """,
            HookPolicy.Run,
            isSigned: true);

        var left = File.ReadAllLines(Path.Join(_directory, "left"));
        Assert.Equal(2, left.Length);
        Assert.All(left, pid => Assert.False(Directory.Exists($"/proc/{pid}"), $"process {pid} is still there"));
    }

    [Fact]
    public void What_pm_keeps_in_the_root_stays_as_it_is_where_a_super_user_runs_it()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Landlock cannot take a directory out of one that may be changed: only a super-user's mounts can");
        foreach (var kept in (string[])["var/lib/pm", "var/cache/pm", "var/lib/other"])
        {
            Directory.CreateDirectory(Path.Join(_directory, kept));
            File.WriteAllText(Path.Join(_directory, kept, "kept"), "kept");
        }

        Run(
            """
            #!/bin/sh
            for d in var/lib/pm var/cache/pm; do echo x > $d/kept; rm $d/kept; mv $d $d-away; chmod 777 $d; touch $d/more; done
            mv var/lib var/elsewhere; mv var elsewhere
            echo changed > var/lib/other/kept
            echo temporary > $TMPDIR/x && cat $TMPDIR/x > out
            """,
            HookPolicy.Run,
            isSigned: true);

        foreach (var kept in (string[])["var/lib/pm", "var/cache/pm"])
        {
            Assert.Equal("kept", File.ReadAllText(Path.Join(_directory, kept, "kept")));
            Assert.Equal(["kept"], Directory.GetFiles(Path.Join(_directory, kept)).Select(Path.GetFileName));
            Assert.False(Directory.Exists(Path.Join(_directory, kept + "-away")));
            Assert.Equal(0b111_101_101, (int)File.GetUnixFileMode(Path.Join(_directory, kept)));
        }

        Assert.Equal("changed\n", File.ReadAllText(Path.Join(_directory, "var/lib/other/kept")));
        Assert.Equal("temporary\n", File.ReadAllText(Path.Join(_directory, "out")));
    }

    [Fact]
    public void What_is_granted_may_be_changed_too()
    {
        using var outside = new OutsideFiles();

        Run($"#!/bin/sh\necho changed > {outside.Path}/file\n", new HookRules { Policy = HookPolicy.Run, Writable = [outside.Path] }, isSigned: true);

        Assert.Equal("changed\n", File.ReadAllText(Path.Join(outside.Path, "file")));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void A_script_reaches_a_server_only_when_that_is_granted(bool allowsNetwork, bool allowsAll, bool isReached)
    {
        using var server = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        server.Start();
        var port = ((System.Net.IPEndPoint)server.LocalEndpoint).Port;

        Run(
            $"#!/bin/bash\n(exec 3<>/dev/tcp/127.0.0.1/{port}) 2> /dev/null && echo reached > reached\ntrue\n",
            new HookRules { Policy = HookPolicy.Run, AllowsNetwork = allowsNetwork, AllowsAll = allowsAll },
            isSigned: true);

        Assert.Equal(isReached, File.Exists(Path.Join(_directory, "reached")));
        Assert.Equal(isReached, server.Pending());
    }

    [Fact]
    public void Modes_and_times_outside_stay_where_a_super_user_runs_it()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a view of the file systems of one's own needs the super-user");
        using var outside = new OutsideFiles();
        var file = Path.Join(outside.Path, "file");
        var (mode, time) = (File.GetUnixFileMode(file), File.GetLastWriteTimeUtc(file));

        Run($"#!/bin/sh\nchmod 777 {file}; touch -d @5 {file}; chown 5 {file}\ngrep CapBnd /proc/self/status > caps\ntrue\n", HookPolicy.Run, isSigned: true);

        Assert.Equal(mode, File.GetUnixFileMode(file));
        Assert.Equal(time, File.GetLastWriteTimeUtc(file));
        // chown, dac_override, dac_read_search, fowner, fsetid, setgid, setuid, setfcap
        Assert.Equal("CapBnd:\t00000000800000df", File.ReadAllText(Path.Join(_directory, "caps")).Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_that_is_the_rule_somebody_is_asked_once_for_a_package(bool answer)
    {
        var asked = new List<int>();
        var package = PackageOf("#!/bin/sh\ntouch ran\n");
        var runner = RunnerOf(
            new HookRules
            {
                Policy = HookPolicy.Ask,
                Ask = (_, scripts) =>
                {
                    asked.Add(scripts.Count);
                    return answer;
                },
            },
            isSigned: true);
        Assert.Equal("a dry run asks nobody", runner.ObstacleOf(package));

        runner.Decide([new DueHook(HookMoment.PreInstall, package), new DueHook(HookMoment.PostInstall, package)]);
        runner.Run(new HookCall(HookMoment.PostInstall, package, null, _directory), TestContext.Current.CancellationToken);

        Assert.Equal([2], asked);
        Assert.Equal(answer, File.Exists(Path.Join(_directory, "ran")));
    }

    [Fact]
    public void Nobody_is_asked_for_a_package_that_nobody_signed()
    {
        var package = PackageOf("#!/bin/sh\ntouch ran\n");
        var runner = RunnerOf(new HookRules { Policy = HookPolicy.Ask, Ask = (_, _) => throw new InvalidOperationException() }, isSigned: false);

        runner.Decide([new DueHook(HookMoment.PostInstall, package)]);

        Assert.Equal("nobody signed the package", runner.ObstacleOf(package));
    }

    void Run(string script, HookPolicy policy, bool isSigned) => Run(script, new HookRules { Policy = policy }, isSigned);

    void Run(string script, HookRules rules, bool isSigned) => RunnerOf(rules, isSigned).Run(
        new HookCall(HookMoment.PostInstall, PackageOf(script), null, _directory), TestContext.Current.CancellationToken);

    HookRunner RunnerOf(HookRules rules, bool isSigned) => new(
        rules, Path.Join(_directory, "var/cache/pm/hooks"), _ => isSigned, new StageObserver { Note = _notes.Add });

    static Package PackageOf(string script)
    {
        var builder = new PackageBuilder(PackageId.Parse("tool@1.0"));
        builder.AddMeta("meta/bin/post-install", Encoding.UTF8.GetBytes(script));
        return builder.Build();
    }

    /// <summary>A directory beside the root, with one file.</summary>
    sealed class OutsideFiles : IDisposable
    {
        public OutsideFiles() => File.WriteAllText(System.IO.Path.Join(Path, "file"), "as it was");

        public string Path { get; } = Directory.CreateTempSubdirectory("pm-outside-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
