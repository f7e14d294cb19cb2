using System.Text;
using Pm.Cli.Rpc;
using Xunit;

namespace Pm.Cli.Tests.Rpc;

public class LineBufferTests
{
    [Theory, InlineData(1), InlineData(3), InlineData(1000)]
    public void Lines_are_the_same_in_whatever_pieces_they_come(int size) =>
        Assert.Equal(["one", "", "three", "(too long)", "12345678", "rest"], Lines("one\n\nthree\n123456789\n12345678\nrest", size, splits: false));

    [Theory, InlineData(1), InlineData(3), InlineData(1000)]
    public void A_line_that_is_too_long_is_given_in_parts_where_that_is_asked_for(int size) =>
        Assert.Equal(["one", "12345678", "12345678", "9", "last"], Lines("one\n12345678123456789\nlast\n", size, splits: true));

    static List<string> Lines(string text, int size, bool splits)
    {
        var (buffer, lines) = (new LineBuffer(8, splits), new List<string>());
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(size))
        {
            buffer.Append(piece);
            while (buffer.TryTake(out var line, out var isTooLong))
            {
                lines.Add(isTooLong ? "(too long)" : Encoding.UTF8.GetString(line));
            }
        }

        return buffer.Rest.IsEmpty ? lines : [.. lines, Encoding.UTF8.GetString(buffer.Rest)];
    }
}
