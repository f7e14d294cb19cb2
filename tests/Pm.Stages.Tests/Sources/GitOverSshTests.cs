using Pm.Packages.Manifests;
using Pm.Simulation;
using Xunit;

namespace Pm.Stages.Tests.Sources;

/// <summary>Git repositories over ssh, by a program <c>ssh</c> that starts on this machine what it is told to start on the other.</summary>
public sealed class GitOverSshTests : IDisposable
{
    readonly SourceWorld _world = new();

    public GitOverSshTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_branch_is_had_and_no_variable_says_what_is_run()
    {
        var repository = _world.Repository().Write("a", "1");
        var commit = repository.Commit();
        Ssh("""
            for word; do echo "$word" >> "$0.said"; last=$word; done
            eval "exec $last"
            """);
        foreach (var name in (string[])["GIT_SSH_COMMAND", "GIT_SSH", "GIT_PROXY_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_EXEC_PATH"])
        {
            Set(name, _world["evil"]);
        }

        var found = await _world.CheckOutAsync(new GitSource($"ssh://git@far.test{repository.Directory}", GitReferenceKind.Branch, "main", null));

        Assert.Equal(commit, found.Commit);
        var said = await File.ReadAllLinesAsync(_world["bin/ssh.said"], SourceWorld.Cancellation);
        Assert.Contains("BatchMode=yes", said);
        Assert.Contains("git@far.test", said);
        Assert.Contains($"git-upload-pack '{repository.Directory}'", said);
    }

    [Fact]
    public async Task What_ssh_says_is_told()
    {
        Ssh("""
            echo "git@far.test: Permission denied (publickey)." >&2
            exit 255
            """);

        var fault = await _world.FaultAsync(Source);

        Assert.Equal("PM7205", fault.Code);
        Assert.Contains("Permission denied (publickey)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left()
    {
        var clock = new ManualClock();
        _world.Options = _world.Options with { Time = clock };
        Ssh("""
            echo $$ > "$0.pid"
            exec tail -f /dev/null
            """);

        var fault = _world.FaultAsync(Source);
        while (!fault.IsCompleted)
        {
            await Task.WhenAny(fault, clock.WhenAwaitedAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)));
            clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("PM7205", (await fault).Code);
        Assert.Contains("nothing was heard of it for 30 seconds", (await fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_its_time_is_waited_for()
    {
        var clock = new ManualClock();
        _world.Options = _world.Options with { Time = clock };
        var repository = _world.Repository().Write("a", "1");
        var commit = repository.Commit();
        Ssh("""
            [ -e "$0.asked" ] || { : > "$0.asked"; read go < "$0.gate"; }
            for word; do last=$word; done
            eval "exec $last"
            """);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [_world["bin/ssh.gate"]]))
        {
            await made.WaitForExitAsync(SourceWorld.Cancellation);
        }

        var found = _world.CheckOutAsync(new GitSource($"ssh://git@far.test{repository.Directory}", GitReferenceKind.Branch, "main", null));
        await using (var gate = await Task.Run(() => new StreamWriter(_world["bin/ssh.gate"]), SourceWorld.Cancellation))
        {
            // It reads there, and has said nothing.
            clock.Advance(TimeSpan.FromSeconds(30));
            await gate.WriteLineAsync("go");
        }

        Assert.Equal(commit, (await found).Commit);
    }

    static GitSource Source => new("ssh://git@far.test/x", GitReferenceKind.Branch, "main", null);

    void Ssh(string script)
    {
        var path = Path.Join(Directory.CreateDirectory(_world["bin"]).FullName, "ssh");
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Set("PATH", $"{_world["bin"]}:{_world.Options.Environment["PATH"]}");
    }

    void Set(string name, string value) =>
        _world.Options = _world.Options with { Environment = new Dictionary<string, string>(_world.Options.Environment) { [name] = value } };
}
