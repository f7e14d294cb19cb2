using System.Text;
using System.Text.Json;
using Pm.Ebpf.Events;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Text of programs, which may be anything and comes in any pieces.</summary>
public class TextPrinterTests
{
    [Theory]
    [InlineData(EventStyle.Columns)]
    [InlineData(EventStyle.Text)]
    public void Lines_stay_as_they_are_with_their_tabs(EventStyle style) =>
        Assert.Equal("PID\tCOMM\n\n7\ta \"b\" \\ é\nno end\n", Written(style, "PID\tCOMM\n\n7\ta \"b\" \\ é\nno end"u8));

    [Fact]
    public void Nothing_in_it_steers_a_terminal() =>
        Assert.Equal("a\\u001b[31m\\u000d\\u009b\\u202e\ufffd\n", Written(EventStyle.Columns, [.. "a\u001b[31m\r\u009b\u202e"u8, 0xff, (byte)'\n']));

    [Fact]
    public void As_json_each_line_says_whose_it_is()
    {
        var text = Written(EventStyle.Json, "a\t\"b\"\n\nc\u001b"u8);

        Assert.Equal(["a\t\"b\"", "", "c\u001b"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).Select(e => e.GetProperty("text").GetString()));
        Assert.StartsWith("{\"program\":\"walk\",\"text\":\"a\\u0009\\\"b\\\"\"}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(1000)]
    public void It_comes_in_any_pieces(int size)
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i} of é€😀\n"));
        using var output = new MemoryStream();
        var printer = new TextPrinter(output, EventStyle.Columns, "walk");
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(size))
        {
            printer.Take(piece);
        }

        printer.End();

        Assert.Equal(text, Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <summary>Between characters, whatever their length, and wherever the pieces end.</summary>
    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    public void A_line_without_an_end_is_broken_and_nothing_of_it_lost(string letter)
    {
        var text = "." + string.Concat(Enumerable.Repeat(letter, 20_000));

        var written = Written(EventStyle.Columns, Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, written.Replace("\n", "", StringComparison.Ordinal));
        Assert.All(written.Split('\n'), l => Assert.InRange(Encoding.UTF8.GetByteCount(l), 0, 16 << 10));
    }

    [Fact]
    public void What_is_no_text_at_all_ends_too() =>
        Assert.Equal(50_000, Written(EventStyle.Columns, Enumerable.Repeat((byte)0x80, 50_000).ToArray()).Count(c => c == '\ufffd'));

    static string Written(EventStyle style, ReadOnlySpan<byte> text)
    {
        using var output = new MemoryStream();
        var printer = new TextPrinter(output, style, "walk");
        printer.Take(text);
        printer.End();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
