using Pm.Torture.Tracing;

namespace Pm.Torture;

/// <summary>What the order checker finds, and what it lets pass.</summary>
public sealed class WriteOrderTests
{
    const string Make = """7 openat(5</top/d>, "new", O_RDWR|O_CREAT|O_EXCL, 0644) = 6</top/d/new>""";
    const string Write = """7 write(6</top/d/new>, ""..., 3) = 3""";
    const string SyncFile = "7 fsync(6</top/d/new>) = 0";
    const string SyncDirectory = "7 fsync(5</top/d>) = 0";
    const string Print = """7 write(1<pipe:[9]>, ""..., 5) = 5""";
    const string Rename = """7 renameat(5</top/d>, "new", 5</top/d>, "mark") = 0""";

    [Fact]
    public void A_file_and_its_entry_that_are_synced_are_in_order() => Assert.Empty(Check(Make, Write, SyncFile, SyncDirectory, Print));

    [Fact]
    public void One_sync_of_the_file_system_serves_for_all() => Assert.Empty(Check(Make, Write, "7 syncfs(5</top/d>) = 0", Print));

    [Fact]
    public void Content_that_is_not_synced_is_found() =>
        Assert.StartsWith("content of d/new", Assert.Single(Check(Make, Write, SyncDirectory, Print)), StringComparison.Ordinal);

    [Fact]
    public void An_entry_that_is_not_synced_is_found() =>
        Assert.StartsWith("entry d/new", Assert.Single(Check(Make, Write, SyncFile, Print)), StringComparison.Ordinal);

    [Fact]
    public void Who_answers_has_it_on_disk_and_who_asks_need_not()
    {
        const string send = """7 sendto(9<socket:[4]>, ""..., 5, 0, NULL, 0) = 5""";
        const string connect = "7 connect(9<socket:[4]>, {sa_family=AF_INET}, 16) = -1 EINPROGRESS (Operation now in progress)";

        Assert.Equal(2, Check(Make, Write, send, SyncFile, SyncDirectory).Count);
        Assert.Empty(Check(connect, Make, Write, send, SyncFile, SyncDirectory, Print));
        Assert.Equal(2, Check(connect.Replace("[4]", "[5]", StringComparison.Ordinal), Make, Write, send, SyncFile, SyncDirectory).Count);
    }

    [Fact]
    public void What_is_written_after_the_sync_is_found() => Assert.Single(Check(Make, Write, SyncFile, SyncDirectory, Write, Print));

    [Fact]
    public void A_sync_that_fails_or_began_before_counts_for_nothing()
    {
        Assert.Equal(2, Check(Make, Write, "7 syncfs(5</top/d>) = -1 EIO (Input/output error)", Print).Count);
        Assert.Equal(2, Check("8 syncfs(5</top/d> <unfinished ...>", Make, Write, "8 <... syncfs resumed>) = 0", Print).Count);
    }

    [Theory]
    [InlineData("""7 linkat(4</top/e>, "old", 5</top/d>, "new", 0) = 0""", "entry d/new")]
    [InlineData("""7 symlinkat("/elsewhere/x", 5</top/d>, "new") = 0""", "entry d/new")]
    [InlineData("""7 mkdirat(5</top/d>, "new", 0755) = 0""", "entry d/new")]
    [InlineData("""7 unlinkat(5</top/d>, "old", 0) = 0""", "entry d/old")]
    [InlineData("""7 renameat2(5</top/d>, "a", 5</top/d>, "b", RENAME_EXCHANGE) = 0""", "entry d/a")]
    public void Every_change_of_a_directory_counts(string call, string found)
    {
        Assert.StartsWith(found, Check(call, Print)[0], StringComparison.Ordinal);
        Assert.Empty(Check(call, SyncDirectory, Print));
    }

    [Fact]
    public void What_came_and_went_before_any_sync_needs_none() =>
        Assert.Empty(Check(Make, Write, """7 unlinkat(5</top/d>, "new", 0) = 0""", Print));

    [Fact]
    public void A_file_that_never_had_a_name_needs_none()
    {
        Assert.Empty(Check("""7 pwrite64(6</top/#12>(deleted), ""..., 3, 0) = 3""", Print));
        Assert.StartsWith("content of #12", Assert.Single(Check("""7 pwrite64(6</top/#12>, ""..., 3, 0) = 3""", Print)), StringComparison.Ordinal);
    }

    [Fact]
    public void Content_is_told_by_the_name_it_has_got() =>
        Assert.StartsWith("content of d/mark", Check(Make, Write, Rename, SyncDirectory, "7 exit_group(0) = ?")[0], StringComparison.Ordinal);

    [Fact]
    public void A_commit_mark_waits_for_everything_else()
    {
        const string other = """7 mkdirat(4</top/e>, "made", 0755) = 0""";

        Assert.Contains("d/mark was given its name", Assert.Single(Decided(Make, Write, SyncFile, other, Rename, "7 syncfs(5</top/d>) = 0", Print)), StringComparison.Ordinal);
        Assert.Empty(Decided(Make, Write, other, "7 syncfs(5</top/d>) = 0", Rename, SyncDirectory, Print));
    }

    [Fact]
    public void What_children_print_is_no_success() => Assert.Empty(Check(Make, Write, """9 exit_group(0) = ?""", SyncFile, SyncDirectory, Print));

    static IReadOnlyList<string> Check(params string[] lines) => WriteOrder.Check(TraceReader.Read(lines), "/top", _ => true, _ => false);

    static IReadOnlyList<string> Decided(params string[] lines) => WriteOrder.Check(TraceReader.Read(lines), "/top", _ => true, path => path == "d/mark");
}
