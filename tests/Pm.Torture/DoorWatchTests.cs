using Pm.Torture.Tracing;

namespace Pm.Torture;

/// <summary>What is found when the lines of the door are held against the system calls.</summary>
public sealed class DoorWatchTests
{
    const string MakeLine = """7 write(9</top/trace>, "1 open /top/d/new\n", 18) = 18""";
    const string Make = """7 openat(5</top/d>, "new", O_RDWR|O_CREAT|O_EXCL, 0644) = 6</top/d/new>""";
    const string WriteLine = """7 write(9</top/trace>, "2 write /top/d/new\n", 19) = 19""";
    const string Write = """7 write(6</top/d/new>, "abc", 3) = 3""";

    [Fact]
    public void Calls_that_were_announced_are_in_order()
    {
        var watch = Watch(MakeLine, Make, WriteLine, Write);

        Assert.Empty(watch.Findings);
        Assert.Equal(2, watch.Count);
    }

    [Theory]
    [InlineData("""7 openat(5</top/d>, "x", O_RDWR|O_CREAT, 0644) = 6</top/d/x>""", "openat of /top/d/x")]
    [InlineData("""7 openat(AT_FDCWD</w>, "/top/x", O_WRONLY|O_TRUNC) = 6</top/x>""", "openat of /top/x")]
    [InlineData("""7 pwrite64(6</top/x>(deleted), "abc", 3, 0) = 3""", "pwrite64 of /top/x")]
    [InlineData("""7 unlink("/top/x") = 0""", "unlink of /top/x")]
    [InlineData("""7 rename("/top/x", "/top/y") = 0""", "rename of /top/y")]
    [InlineData("""7 mkdirat(5</top/d>, "x", 0755) = 0""", "mkdirat of /top/d/x")]
    [InlineData("""7 symlinkat("/elsewhere/t", 5</top/d>, "x") = 0""", "symlinkat of /top/d/x")]
    [InlineData("""7 ftruncate(6</top/x>, 0) = 0""", "ftruncate of /top/x")]
    [InlineData("""7 fchmod(6</top/x>, 0755) = 0""", "fchmod of /top/x")]
    [InlineData("""7 fsync(6</top/x>) = 0""", "fsync of /top/x")]
    [InlineData("""7 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 6</top/x>, 0) = 0x7f""", "mmap of /top/x")]
    public void A_change_beside_the_door_is_found(string call, string found) =>
        Assert.StartsWith($"beside the door: {found}", Assert.Single(Watch(MakeLine, Make, call).Findings), StringComparison.Ordinal);

    [Theory]
    [InlineData("""7 openat(5</top/d>, "x", O_RDONLY) = 6</top/d/x>""")]
    [InlineData("""7 write(1<pipe:[7]>, "abc", 3) = 3""")]
    [InlineData("""7 sendfile(6<socket:[7]>, 7</top/x>, NULL, 3) = 3""")]
    [InlineData("""7 mmap(NULL, 4096, PROT_READ, MAP_SHARED, 6</top/x>, 0) = 0x7f""")]
    [InlineData("""7 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE, 6</top/x>, 0) = 0x7f""")]
    [InlineData("""7 write(4</dev/pts/1>, "abc", 3) = 3""")]
    [InlineData("""7 unlink("/db/x") = 0""")]
    public void What_changes_no_file_of_ours_passes(string call) => Assert.Empty(Watch(call).Findings);

    [Fact]
    public void Another_threads_line_is_not_this_ones() =>
        Assert.Equal(2, Watch(MakeLine, Make.Replace("7 openat", "8 openat", StringComparison.Ordinal)).Findings.Count);

    [Fact]
    public void What_was_announced_and_not_made_is_found() =>
        Assert.Equal("1 open /top/d/new was announced, and not made", Assert.Single(Watch(MakeLine, WriteLine, Write).Findings));

    [Fact]
    public void Another_name_than_announced_is_found() =>
        Assert.Contains("was announced for /top/d/new", Assert.Single(Watch(MakeLine, Make.Replace("\"new\"", "\"other\"", StringComparison.Ordinal)).Findings), StringComparison.Ordinal);

    static DoorWatch Watch(params string[] lines) =>
        DoorWatch.Over(TraceReader.Read(lines), "/top/trace", (_, path) => path.StartsWith("/db/", StringComparison.Ordinal));
}
