using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Serving;

/// <summary>Which bytes a <c>Range</c> header asks for.</summary>
public class ByteRangeTests
{
    const string Content = "0123456789";

    [Theory]
    [InlineData("bytes=0-0", "0")]
    [InlineData("bytes=2-4", "234")]
    [InlineData("bytes=7-", "789")]
    [InlineData("bytes=-3", "789")]
    [InlineData("bytes=-100", "0123456789")]
    [InlineData("bytes=5-100", "56789")]
    [InlineData("bytes=9-99999999999999999999999", "9")]
    [InlineData("BYTES=1-1", "1")]
    [InlineData("bytes= 1-1 ,", "1")]
    [InlineData("bytes=,1-1", "1")]
    public void A_part_is_given(string header, string expected) => Assert.Equal((ByteRangeKind.Part, expected), Read(header));

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=10-20")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("bytes=-0")]
    public void What_is_not_there_cannot_be_given(string header) => Assert.Equal(ByteRangeKind.Unsatisfiable, ByteRange.Parse(header, 10).Kind);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=,")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=1")]
    [InlineData("bytes=4-2")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=1 -2")]
    [InlineData("items=0-1")]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("bytes=0-1,junk")]
    [InlineData("bytes=١-٢")]
    public void Anything_else_asks_for_the_whole(string? header) => Assert.Equal((ByteRangeKind.Whole, Content), Read(header));

    [Fact]
    public void Of_an_empty_file_there_is_no_part()
    {
        Assert.Equal(ByteRangeKind.Unsatisfiable, ByteRange.Parse("bytes=0-", 0).Kind);
        Assert.Equal(ByteRangeKind.Whole, ByteRange.Parse("bytes=-5", 0).Kind);
    }

    /// <summary>Every pair of numbers against the rule as a person would write it.</summary>
    [Fact]
    public void Every_range_is_what_a_list_of_bytes_says()
    {
        for (var size = 0; size <= 6; size++)
        {
            var all = Enumerable.Range(0, size).ToArray();
            for (var first = 0; first <= 8; first++)
            {
                Check($"bytes={first}-", size, all.Where(b => b >= first));
                Check($"bytes=-{first}", size, all.Where(b => b >= size - first), emptyIsWhole: first > 0);
                for (var last = first; last <= 8; last++)
                {
                    Check($"bytes={first}-{last}", size, all.Where(b => b >= first && b <= last));
                }
            }
        }
    }

    static void Check(string header, int size, IEnumerable<int> expected, bool emptyIsWhole = false)
    {
        var range = ByteRange.Parse(header, size);
        int[] bytes = [.. expected];
        if (bytes.Length == 0)
        {
            Assert.Equal(emptyIsWhole ? ByteRangeKind.Whole : ByteRangeKind.Unsatisfiable, range.Kind);
            return;
        }

        Assert.Equal(new ByteRange(ByteRangeKind.Part, bytes[0], bytes.Length), range);
    }

    static (ByteRangeKind Kind, string Bytes) Read(string? header)
    {
        var range = ByteRange.Parse(header, Content.Length);
        return (range.Kind, Content.Substring((int)range.Offset, (int)range.Count));
    }
}
