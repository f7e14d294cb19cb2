using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Serving;

/// <summary>Conditional requests, by the order of RFC 9110 13.2.2.</summary>
public class FileAnswerTests
{
    const string Tag = "\"abc\"";
    const string Before = "Fri, 01 May 2026 11:59:59 GMT";
    const string Same = "Fri, 01 May 2026 12:00:00 GMT";
    const string After = "Fri, 01 May 2026 12:00:01 GMT";

    static readonly DateTimeOffset Modified = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero).AddMilliseconds(700);

    [Theory]
    [InlineData("\"abc\"", 304)]
    [InlineData("W/\"abc\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"x\", W/\"y\" ,\"abc\"", 304)]
    [InlineData("\"ab\"", 200)]
    [InlineData("abc", 200)]
    [InlineData("\"abc", 200)]
    [InlineData("", 200)]
    [InlineData("\"x\" junk \"abc\"", 200)]
    public void None_match(string header, int status) => Assert.Equal(status, Status(new() { IfNoneMatch = header }));

    [Theory]
    [InlineData("\"abc\"", 200)]
    [InlineData("*", 200)]
    [InlineData("W/\"abc\"", 412)]
    [InlineData("\"x\"", 412)]
    [InlineData("", 412)]
    public void Match(string header, int status) => Assert.Equal(status, Status(new() { IfMatch = header }));

    [Theory]
    [InlineData(Same, 304)]
    [InlineData(After, 304)]
    [InlineData(Before, 200)]
    [InlineData("Friday, 01-May-26 12:00:00 GMT", 304)]
    [InlineData("Fri May  1 12:00:00 2026", 304)]
    [InlineData("yesterday", 200)]
    public void Modified_since(string header, int status) => Assert.Equal(status, Status(new() { IfModifiedSince = header }));

    [Theory]
    [InlineData(Same, 200)]
    [InlineData(After, 200)]
    [InlineData(Before, 412)]
    [InlineData("yesterday", 200)]
    public void Unmodified_since(string header, int status) => Assert.Equal(status, Status(new() { IfUnmodifiedSince = header }));

    [Fact]
    public void A_date_is_not_looked_at_where_there_is_a_tag()
    {
        Assert.Equal(200, Status(new() { IfNoneMatch = "\"x\"", IfModifiedSince = After }));
        Assert.Equal(200, Status(new() { IfMatch = Tag, IfUnmodifiedSince = Before }));
    }

    [Fact]
    public void A_precondition_that_fails_comes_before_one_that_holds() =>
        Assert.Equal(412, Status(new() { IfMatch = "\"x\"", IfNoneMatch = Tag }));

    [Theory]
    [InlineData(null, 206)]
    [InlineData(Tag, 206)]
    [InlineData("\"x\"", 200)]
    [InlineData("W/\"abc\"", 200)]
    [InlineData(Same, 206)]
    [InlineData(After, 200)]
    [InlineData(Before, 200)]
    [InlineData("junk", 200)]
    public void A_part_is_only_given_of_the_same_file(string? ifRange, int status) =>
        Assert.Equal(status, Status(new() { IfRange = ifRange, Range = "bytes=0-1" }));

    [Fact]
    public void A_part_beyond_the_end_is_refused_unless_the_file_is_another()
    {
        Assert.Equal(416, Status(new() { Range = "bytes=10-" }));
        Assert.Equal(200, Status(new() { Range = "bytes=10-", IfRange = "\"x\"" }));
        Assert.Equal(304, Status(new() { Range = "bytes=10-", IfNoneMatch = Tag }));
    }

    [Fact]
    public void Head_has_no_part() =>
        Assert.Equal(200, FileAnswer.Decide(new() { Range = "bytes=0-1" }, isGet: false, 10, Tag, Modified).Status);

    [Theory]
    [InlineData("zstd", true)]
    [InlineData("gzip, zstd;q=0.5", true)]
    [InlineData("gzip, ZSTD ; q=1.0", true)]
    [InlineData("zstd;q=0", false)]
    [InlineData("zstd;q=0.0", false)]
    [InlineData("zstd;q=junk", false)]
    [InlineData("zstd;q=2", false)]
    [InlineData("xzstd", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Zstandard_is_given_to_who_names_it(string? header, bool expected) => Assert.Equal(expected, AcceptedEncoding.TakesZstandard(header));

    static int Status(FileConditions conditions) => FileAnswer.Decide(conditions, isGet: true, 10, Tag, Modified).Status;
}
