using System.Diagnostics;
using Pm.Linux;
using Pm.Torture.Gear;
using Pm.Torture.Power;

namespace Pm.Torture;

/// <summary>A torture that is ended by a signal leaves nothing of its own behind.</summary>
public sealed class EndingTests
{
    [Fact]
    public void A_signal_leaves_no_mount_no_place_and_no_agent()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        var directory = Directory.CreateTempSubdirectory("pm-ending-").FullName;
        try
        {
            using (LoopDisk.TryMake(directory, out var obstacle))
            {
                Assert.SkipWhen(obstacle is not null, obstacle ?? "");
            }

            var start = new ProcessStartInfo(Environment.ProcessPath!, ["torture", "power", "pin"])
            {
                RedirectStandardOutput = true,
                Environment = { ["TMPDIR"] = directory, ["PM_TORTURE_DIR"] = directory, ["PM_TEST_BIN"] = Executables.Pm },
            };
            using var torture = Process.Start(start)!;
            // It has made its disk and its place when it says what it begins with.
            while (torture.StandardOutput.ReadLine() is { } line && !line.StartsWith("power", StringComparison.Ordinal))
            {
            }

            Signals.Send(torture.Id, Signals.Terminate);
            torture.WaitForExit();

            Assert.Equal(128 + Signals.Terminate, torture.ExitCode);
            Assert.DoesNotContain(directory, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(directory));
            Assert.DoesNotContain(LoopFiles(), file => file.StartsWith(directory, StringComparison.Ordinal));
            Assert.DoesNotContain(CommandLines(), line => line.Contains(directory, StringComparison.Ordinal));
        }
        finally
        {
            foreach (var mount in File.ReadLines("/proc/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(directory, StringComparison.Ordinal)))
            {
                _ = ChildProcess.Run(new ChildOptions { FileName = "/bin/umount", Arguments = ["--lazy", mount] }, CancellationToken.None);
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    static IEnumerable<string> LoopFiles() => Directory.EnumerateDirectories("/sys/block", "loop*")
        .Select(device => Read(Path.Combine(device, "loop/backing_file")));

    static IEnumerable<string> CommandLines() => Directory.EnumerateDirectories("/proc")
        .Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)).Select(path => Read(Path.Combine(path, "cmdline")));

    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
