using Xunit;

namespace Pm.Linux.Tests;

/// <summary>A process that ends at a chosen call, for real: another process, and SIGKILL.</summary>
public class CrashTests
{
    const int Killed = 9;

    static readonly string[] Calls = ["open", "write", "fsync", "rename", "fsync"];

    [Fact]
    public void Killed_before_any_of_its_calls_a_replacement_leaves_the_old_file_or_the_new()
    {
        for (var n = 1; ; n++)
        {
            using var here = new TestDirectory();
            here.Write("file", "old");
            var result = Puppet.Run("replace", here["file"], $"kill@{n}", here["trace"]);
            var content = File.ReadAllText(here["file"]);
            var trace = File.ReadAllLines(here["trace"]);
            if (result.IsSuccess)
            {
                Assert.Equal("new content, of 24 bytes", content);
                Assert.Equal(6, n);
                return;
            }

            Assert.Equal(Killed, result.Signal);
            Assert.Equal(n == 5 ? "new content, of 24 bytes" : "old", content);
            // The line of the call is written, the call is not made.
            Assert.Equal(n, trace.Length);
            Assert.Equal(Calls[n - 1], trace[^1].Split(' ')[1]);
            Assert.Equal(n, long.Parse(trace[^1].Split(' ')[0], null));
            Assert.All(here.Handle.Entries().Where(e => e.Name is not ("file" or "trace")),
                e => Assert.StartsWith(DurableFile.TemporaryPrefix, e.Name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_torn_write_leaves_half_of_the_bytes()
    {
        using var here = new TestDirectory();

        var result = Puppet.Run("append", here["file"], "torn@1", "0123456789");

        Assert.Equal(Killed, result.Signal);
        Assert.Equal("01234", File.ReadAllText(here["file"]));
    }

    [Fact]
    public void Tearing_what_is_no_write_is_killing_before_it()
    {
        using var here = new TestDirectory();
        here.Write("file", "old");

        var result = Puppet.Run("replace", here["file"], "torn@4", "-");

        Assert.Equal(Killed, result.Signal);
        Assert.Equal("old", File.ReadAllText(here["file"]));
    }
}
