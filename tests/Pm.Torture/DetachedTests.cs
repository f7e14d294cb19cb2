using System.Diagnostics;
using Pm.Torture.Gear;

namespace Pm.Torture;

/// <summary>
/// `pm run -d` and `pm stop`, struck at each of their writes, and `run -d` at each of its calls of bpf(2), in a bpffs that nobody else sees: `pm ps` shows all or
/// nothing, what is told as refused is at no hook, and `pm stop --all` leaves nothing.
/// </summary>
public sealed class DetachedTests
{
    static string Object => Path.GetFullPath(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"));

    [Fact]
    public void At_every_write_of_a_start_and_an_end_nothing_is_left_at_a_hook()
    {
        var (points, findings) = Run("""
            for fault in kill torn enospc eio+ eintr; do
              for n in 1 2 3 4 5 6 7; do
                PM_FAULT=${fault%+}@$n${fault#${fault%+}} $PM run -q -d $OBJECT > said 2>&1; look run $fault $n $?
              done
            done
            for fault in kill enospc eio+; do
              for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
                $PM run -q -d $OBJECT > said 2>&1 || echo "finding: start: $(cat said)"
                PM_FAULT=${fault%+}@$n${fault#${fault%+}} $PM stop -q --all > said 2>&1; look stop $fault $n 1
              done
            done
            """);

        Assert.Empty(findings);
        Assert.Equal(71, points);
    }

    [Fact]
    public void At_every_call_of_the_kernel_nothing_is_left_at_a_hook()
    {
        Assert.SkipUnless(Has("strace"), "there is no strace");
        var (points, findings) = Run("""
            calls=$(strace -f -o trace -e trace=bpf $PM run -q -d $OBJECT > /dev/null; grep -c 'bpf(' trace); $PM stop -q --all
            for fault in signal=KILL error=ENOMEM error=EPERM; do
              for n in $(seq 1 $calls); do
                strace -f -o /dev/null -e trace=bpf -e inject=bpf:$fault:when=$n $PM run -q -d $OBJECT > said 2>&1; look run $fault $n $?
              done
            done
            """);

        Assert.Empty(findings);
        Assert.True(points > 60, $"only {points} points");
    }

    /// <summary>What is refused clears up, unless no write is possible any more; what is killed may leave something until the next start or end.</summary>
    const string Head = """
        mount -t bpf bpf /sys/fs/bpf || { echo "skip: no bpffs of its own"; exit 0; }
        $PM run -q -d $OBJECT > said 2>&1 || { echo "skip: $(cat said)"; exit 0; }
        $PM stop -q --all
        left() { find /sys/fs/bpf/pm -mindepth 1 ! -name +aside; }
        look() {
          echo point
          grep -qE 'PM0001|^   at ' said && echo "finding: $*: $(cat said)"
          $PM ps --json > seen 2>&1 || echo "finding: $*: ps: $(cat seen)"
          grep -q PM8058 seen && echo "finding: $*: ps: $(cat seen)"
          test $1 = run && test "${2%+}" = "$2" && test $4 -gt 0 && test $4 -lt 128 && test -n "$(left)" && echo "finding: $*: refused, and left $(left)"
          $PM stop -q --all > said 2>&1 || echo "finding: $*: stop: $(cat said)"
          test -z "$(left)" || echo "finding: $*: left $(left)"
        }

        """;

    static (int Points, List<string> Findings) Run(string script)
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        Assert.SkipUnless(Environment.UserName == "root" && Has("unshare"), "a bpffs of its own needs root and unshare");
        var directory = Directory.CreateTempSubdirectory("pm-torture-bpf-");
        try
        {
            File.WriteAllText(Path.Join(directory.FullName, "script"), Head + script);
            using var shell = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "script"])
            {
                WorkingDirectory = directory.FullName,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["PM"] = Executables.Pm,
                    ["OBJECT"] = Object,
                    ["HOME"] = directory.FullName,
                    ["PM_ROOT"] = Path.Join(directory.FullName, "root"),
                    ["PM_STORE"] = Path.Join(directory.FullName, "store"),
                    ["PM_CACHE"] = Path.Join(directory.FullName, "cache"),
                },
            })!;
            var lines = shell.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            shell.WaitForExit();
            Assert.SkipWhen(lines is [['s', 'k', 'i', 'p', ..], ..], lines.FirstOrDefault("no answer"));
            return (lines.Count(l => l == "point"), [.. lines.Where(l => l != "point")]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Join(d, program)));
}
