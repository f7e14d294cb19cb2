using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>
/// The executable is killed, or finds the disk full, at its N-th durable write, for each verb that changes something:
/// afterwards the state is the old or the new one, whole, and the same command succeeds. Every N with PM_TEST_ALL_KILLS=1.
/// </summary>
public sealed class CrashTests : IDisposable
{
    const int MostWrites = 2000;

    static readonly string? Executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
    static readonly int Stride = Environment.GetEnvironmentVariable("PM_TEST_ALL_KILLS") is null ? 5 : 1;

    readonly Sandbox _sandbox = new(null);

    public void Dispose() => _sandbox.Dispose();

    public static TheoryData<string, string> Verbs => new MatrixTheoryData<string, string>(
        [
            "install --allow-unsigned tool@2.0.0",
            "update --allow-unsigned",
            "remove tool",
            "rollback 1",
            "gc --keep 1 --older-than 0",
            "pin tool",
            "pull",
            "repo publish --repo repo --allow-unsigned more-1.0.0.pkg",
            "repo yank --repo repo tool@1.0.0",
        ],
        ["kill@{0}", "enospc@{0}+"]);

    [Theory, MemberData(nameof(Verbs))]
    public void Whatever_stops_a_change_the_state_is_old_or_new_and_a_retry_succeeds(string command, string fault)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Executable), "PM_TEST_BIN names no executable");
        MakeBase();
        var old = State();
        Restore();
        Require(Pm(command));
        var @new = State();
        var points = 0;
        for (var write = 1; write < MostWrites; write += Stride)
        {
            Restore();
            var result = Pm(command, ("PM_FAULT", string.Format(System.Globalization.CultureInfo.InvariantCulture, fault, write)));
            if (result.Exit == 0)
            {
                break;
            }

            points++;
            CheckAfter($"{command}, {fault}, N = {write}: {result.Talk}", command, old, @new);
        }

        Assert.True(points > 0, "the fault never struck");
    }

    void CheckAfter(string what, string command, string old, string @new)
    {
        Assert.True(Pm("recover").Exit == 0, $"{what}\nrecover failed");
        var state = State();
        Assert.True(state == old || state == @new, $"{what}\nneither old nor new:\n{state}");
        Assert.True(Pm("verify").Exit == 0, $"{what}\nthe root is damaged: {Pm("verify").Talk}");
        Assert.True(Pm("repo verify repo").Exit == 0, $"{what}\nthe repository is damaged");
        var retry = Pm(command);
        var isDone = state == @new && retry.Talk.Contains("is not installed", StringComparison.Ordinal);
        Assert.True(retry.Exit == 0 || isDone, $"{what}\na retry fails: {retry.Talk}");
        Assert.True(State() == @new, $"{what}\nafter a retry:\n{State()}");
        Assert.True(Strays() == "", $"{what}\nleft behind: {Strays()}");
    }

    /// <summary>A root at its second generation, with a remote that offers more.</summary>
    void MakeBase()
    {
        const string Pack = """
            pack() {
              mkdir -p $1/root/share/$1 $1/root/bin $1/root/etc
              echo "$1 $2" > $1/root/share/$1/version; echo asset > $1/root/share/$1/asset; echo x > $1/root/share/$1/only-$2
              printf '#!/bin/sh\necho %s\n' $2 > $1/root/bin/$1; chmod 755 $1/root/bin/$1; echo "setting=$2" > $1/root/etc/$1.conf
              printf 'name: %s\nversion: %s\ndescription: a test\n' $1 $2 > $1/meta.yaml
              $PM pkg create --no-sign $1; rm -r $1/root
            }
            pack tool 1.0.0; pack tool 2.0.0; pack other 1.0.0; pack more 1.0.0; pack extra 1.0.0
            $PM repo init repo
            $PM repo publish --repo repo --allow-unsigned tool-1.0.0.pkg other-1.0.0.pkg
            $PM remote add --trust-first-use repo
            $PM pull
            $PM install --allow-unsigned tool
            $PM install --allow-unsigned other
            $PM repo publish --repo repo --allow-unsigned tool-2.0.0.pkg
            $PM pull
            $PM repo publish --repo repo --allow-unsigned extra-1.0.0.pkg
            mkdir $SANDBOX/base; cp -a $PM_ROOT $PM_STORE $DIR/repo $SANDBOX/base/
            """;
        var environment = _sandbox.Environment;
        environment["PM"] = Path.GetFullPath(Executable!);
        var result = _sandbox.Run(["/bin/sh", "-euc", Pack], environment, null);
        Assert.True(result.Exit == 0, result.Talk);
    }

    void Restore() => Require(_sandbox.Shell(
        "rm -rf $PM_ROOT $PM_STORE $DIR/repo; cp -a $SANDBOX/base/root $SANDBOX/base/store $SANDBOX/; cp -a $SANDBOX/base/repo $DIR/repo"));

    /// <summary>What a user sees: the files of the root, its packages, and what the repository publishes.</summary>
    string State() =>
        Text(_sandbox.Shell("cd $PM_ROOT; find . -path ./var -prune -o -type f -print -o -type l -print | sort | xargs -r sha256sum"))
        + Text(Pm("list")) + Text(Pm("pin")) + Text(Pm("repo list repo"));

    /// <summary>Temporary files, wherever they may lie.</summary>
    string Strays() => Text(_sandbox.Shell(
        "find $PM_ROOT $DIR/repo -name '.pm-*' -print; find $PM_STORE/pending -mindepth 1 -print 2>/dev/null || true"));

    static string Text(StepResult result) => System.Text.Encoding.UTF8.GetString(result.Output);

    StepResult Pm(string command, params (string Name, string Value)[] variables)
    {
        var environment = _sandbox.Environment;
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return _sandbox.Run([Path.GetFullPath(Executable!), .. command.Split(' ')], environment, null);
    }

    static void Require(StepResult result) => Assert.True(result.Exit == 0, result.Talk);
}
