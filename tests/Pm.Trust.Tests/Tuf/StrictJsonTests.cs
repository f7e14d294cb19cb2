using System.Text;
using System.Text.Json;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""", "member `a` twice")]
    [InlineData("""{"a":1,"\u0061":2}""", "member `a` twice")]
    [InlineData("""[{"b":{"a":1,"a":1}}]""", "member `a` twice")]
    [InlineData("""{"a":9007199254740992}""", "whole number")]
    [InlineData("""{"a":-9007199254740992}""", "whole number")]
    [InlineData("""{"a":1.0}""", "whole number")]
    [InlineData("""{"a":1e3}""", "whole number")]
    [InlineData("""{"a":-0}""", "whole number")]
    [InlineData("""{"a":99999999999999999999999}""", "whole number")]
    [InlineData("""{"a":1} {}""", "not valid JSON")]
    [InlineData("""{"a":1}x""", "not valid JSON")]
    [InlineData("""{"a":1,}""", "not valid JSON")]
    [InlineData("""{"a":01}""", "not valid JSON")]
    [InlineData("// a\n{}", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("\uFEFF{}", "not valid JSON")]
    [InlineData("""{"a":"\ud800"}""", "not text")]
    [InlineData("""{"\ud800":1}""", "not text")]
    public void What_two_readers_could_understand_differently_is_refused(string json, string reason)
    {
        var refused = Assert.Throws<MetadataException>(() => StrictJson.Parse(Encoding.UTF8.GetBytes(json), 1000, "x.json"));

        Assert.StartsWith("x.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_is_refused() =>
        Assert.Contains("UTF-8",
            Assert.Throws<MetadataException>(() => StrictJson.Parse([(byte)'"', 0xFF, (byte)'"'], 10, "x")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Two_hundred_thousand_nested_brackets_are_refused(char bracket)
    {
        var json = bracket == '[' ? new string('[', 200_000) : string.Concat(Enumerable.Repeat("{\"a\":", 40_000));

        Assert.Throws<MetadataException>(() => StrictJson.Parse(Encoding.UTF8.GetBytes(json), 1 << 20, "x"));
    }

    [Fact]
    public void Nesting_is_allowed_up_to_the_limit_and_not_beyond()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

        Assert.Equal(JsonValueKind.Array, StrictJson.Parse(Nested(MetadataLimits.Depth), 1000, "x").ValueKind);
        Assert.Throws<MetadataException>(() => StrictJson.Parse(Nested(MetadataLimits.Depth + 1), 1000, "x"));
    }

    [Fact]
    public void A_document_longer_than_its_limit_is_refused_with_both_lengths() =>
        Assert.Equal("x.json: expected at most 3 bytes, got 4",
            Assert.Throws<MetadataException>(() => StrictJson.Parse("[1 ]"u8, 3, "x.json")).Message);

    [Fact]
    public void The_place_of_a_fault_is_told() =>
        Assert.StartsWith("x.json:2:11:",
            Assert.Throws<MetadataException>(() => StrictJson.Parse("{\n  \"a\": nul}"u8, 100, "x.json")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a":9007199254740991,"b":-9007199254740991,"c":0}""")]
    [InlineData("""[true,false,null,"",{},[]]""")]
    [InlineData(" \n\t{ } \r\n")]
    public void Odd_and_valid_documents_load(string json) => StrictJson.Parse(Encoding.UTF8.GetBytes(json), 1000, "x");
}
