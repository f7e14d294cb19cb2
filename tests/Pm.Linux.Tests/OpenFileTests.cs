using Xunit;

namespace Pm.Linux.Tests;

public class OpenFileTests
{
    [Fact]
    public void A_file_that_somebody_chose_is_read_through_links_and_a_missing_one_is_none()
    {
        using var here = new TestDirectory();
        here.Write("file", "text");
        File.CreateSymbolicLink(here["link"], "file");

        using var file = OpenFile.TryOpenRead(here["link"]);

        Assert.Equal("text"u8.ToArray(), FileReading.All(file!, 10));
        Assert.Null(OpenFile.TryOpenRead(here["missing"]));
        Assert.Null(OpenFile.TryOpenRead(here["file/below"]));
    }

    [Fact]
    public void What_is_no_file_is_refused_and_never_waited_for()
    {
        using var here = new TestDirectory();

        Assert.Equal(Errno.EISDIR, Assert.Throws<SystemCallException>(() => OpenFile.TryOpenRead(here.Path)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<SystemCallException>(() => OpenFile.TryOpenRead("/dev/null")).Errno);
    }

    [Fact]
    public void What_is_no_file_is_not_even_opened_where_somebody_hostile_chose_it()
    {
        using var here = new TestDirectory();
        here.Write("file", "text");
        File.CreateSymbolicLink(here["link"], "file");

        using var file = OpenFile.TryOpenForeign(here["link"]);

        Assert.Equal("text"u8.ToArray(), FileReading.All(file!, 10));
        Assert.Null(OpenFile.TryOpenForeign(here["missing"]));
        Assert.Null(OpenFile.TryOpenForeign(here.Path));
        Assert.Null(OpenFile.TryOpenForeign("/dev/null"));
    }

    [Theory]
    [InlineData("600", 7, null)]
    [InlineData("644", 0, null)]
    [InlineData("444", 7, null)]
    [InlineData("664", 7, "others than its owner can write to it (mode 664)")]
    [InlineData("602", 7, "others than its owner can write to it (mode 602)")]
    [InlineData("600", 4_000_000_000, "it belongs to user 4000000000, and neither to you nor to root")]
    [InlineData("666", 4_000_000_000, "it belongs to user 4000000000, and neither to you nor to root")]
    public void A_file_is_believed_when_nobody_but_its_user_and_root_could_have_written_it(string mode, uint owner, string? why) =>
        Assert.Equal(why, new FileStatus(FileKind.Regular, Octal.Mode(mode), owner, 0, 0, 0, 0, 1, default).WhyNotTrusted(7));
}
