using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>The executable that PM_TEST_BIN names, as it lies somewhere.</summary>
public class NativeExecutableTests
{
    /// <summary>A folder of downloads may have anybody's files in it.</summary>
    [Fact]
    public void Libraries_beside_it_are_not_taken_for_the_systems()
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        using var sandbox = new Sandbox(null);
        File.Copy(executable!, Path.Join(sandbox.Work, "pm"));
        foreach (var library in (string[])["libc.so.6", "libm.so.6", "libcrypto.so.3", "libzstd.so.1"])
        {
            File.WriteAllText(Path.Join(sandbox.Work, library), "nobody's library");
        }

        var built = sandbox.Shell("""printf '[package]\nname = "x"\nversion = "1.0.0"\nfiles = ["x"]\n' > pm.toml; echo x > x; ./pm build --no-sign""");

        Assert.True(built.Exit == 0, built.Talk);
        Assert.True(File.Exists(Path.Join(sandbox.Work, "x-1.0.0.pkg")));
    }

    /// <summary>As pm's own scripts have it (8 GiB), `ulimit -v` and LimitAS= of systemd: the collector must not ask for more addresses than there may be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(256)]
    public void It_starts_under_a_limit_of_addresses(int gibibytes)
    {
        var executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");
        Assert.SkipWhen(string.IsNullOrEmpty(executable), "PM_TEST_BIN names no executable");
        using var sandbox = new Sandbox(null);

        var started = sandbox.Shell($"ulimit -v {gibibytes << 20}; {executable} version && {executable} merkle /dev/null");

        Assert.True(started.Exit == 0, started.Talk);
        Assert.StartsWith("pm ", System.Text.Encoding.UTF8.GetString(started.Output), StringComparison.Ordinal);
    }
}
