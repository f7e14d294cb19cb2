using System.Diagnostics;
using System.Text;
using Pm.Packages.Yaml;
using Xunit;

namespace Pm.Packages.Tests.Yaml;

public class YamlReaderTests
{
    [Fact]
    public void Scalars_stay_text_as_written()
    {
        var map = Mapping("a: 2.10\nb: no\nc: 0x10\nd: \"~\"\ne: ~\nf:\ng: |\n  one\n  \ttwo\nh: 'it''s'\ni: 2024-01-02\n");

        Assert.Equal(["2.10", "no", "0x10", "~", "~", "", "one\n\ttwo\n", "it's", "2024-01-02"], map.Entries.Select(e => ((YamlScalar)e.Value).Text));
        Assert.Equal(["e", "f"], map.Entries.Where(e => e.Value is YamlScalar { IsNull: true }).Select(e => e.Key.Text));
    }

    [Theory]
    [InlineData("a: [b, {c: d}]\n")]
    [InlineData("\uFEFFa: [b, {c: d}]\n")]
    [InlineData("---\na: [b, {c: d}]\n...\n")]
    [InlineData("%YAML 1.2\n---\n# comment\na:\n- b\n- c: d")]
    [InlineData("a:\r\n  - b\r\n  - c: d\r\n")]
    [InlineData("a:\r  - b\r  - c: d\r")]
    public void Lists_and_mappings_are_read_in_every_dress(string text)
    {
        var list = Assert.IsType<YamlSequence>(Mapping(text)["a"]);

        Assert.Equal("b", Assert.IsType<YamlScalar>(list.Items[0]).Text);
        Assert.Equal("d", Assert.IsType<YamlScalar>(Assert.IsType<YamlMapping>(list.Items[1])["c"]).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("# only this\n")]
    [InlineData("---\n")]
    [InlineData("---\n...\n")]
    [InlineData("~")]
    public void An_empty_document_is_nothing(string text) => Assert.Null(YamlReader.Read(Sample.Bytes(text), "meta.yaml"));

    [Theory]
    [InlineData("a: &x b\n", "PM2012", "meta.yaml:1:4")]
    [InlineData("a: *x\n", "PM2012", "meta.yaml:1:4")]
    [InlineData("a: !!str b\n", "PM2012", "meta.yaml:1:4")]
    [InlineData("a: ! b\n", "PM2012", "meta.yaml:1:4")]
    [InlineData("a: b\na: c\n", "PM2012", "meta.yaml:2:1")]
    [InlineData("a: b\n\"a\": c\n", "PM2012", "meta.yaml:2:1")]
    [InlineData("a: {b: 1, b: 2}\n", "PM2012", "meta.yaml:1:11")]
    [InlineData("[a]: b\n", "PM2012", "meta.yaml:1:1")]
    [InlineData("{a: b}: c\n", "PM2012", "meta.yaml:1:1")]
    [InlineData("a: b\n---\nc: d\n", "PM2012", "meta.yaml:2:1")]
    [InlineData("a:\n\tb: c\n", "PM2011", "meta.yaml:2:1")]
    [InlineData("a:\n  - b\n \t- c\n", "PM2011", "meta.yaml:3:2")]
    [InlineData("a: [\n", "PM2011", null)]
    [InlineData("a: \"b\n", "PM2011", null)]
    [InlineData("a: b: c\n", "PM2011", null)]
    [InlineData("a: b\n  c\n d: e\n- f\n", "PM2011", null)]
    [InlineData("a: @b\n", "PM2011", null)]
    [InlineData("a: `b\n", "PM2011", null)]
    [InlineData("a: b\u0007\n", "PM2011", "meta.yaml:1:5")]
    [InlineData("é: b\r\nx: \u001b\n", "PM2011", "meta.yaml:2:4")]
    [InlineData("- a\nb: c\n", "PM2011", null)]
    [InlineData("%TAG ! tag:x,2000:\n%TAG ! tag:x,2000:\n---\na\n", "PM2011", null)]
    [InlineData("? a\n? b\n: [\n", "PM2011", null)]
    public void What_is_not_read_is_refused_with_its_place(string text, string code, string? where)
    {
        var fault = Assert.Throws<PackageFormatException>(() => YamlReader.Read(Sample.Bytes(text), "meta.yaml"));

        Assert.Equal(code, fault.Code);
        Assert.Matches("^meta.yaml:[0-9]+:[0-9]+$", fault.Where);
        Assert.Equal(where ?? fault.Where, fault.Where);
    }

    [Fact]
    public void A_fault_shows_its_line_and_points_at_its_column()
    {
        var fault = Assert.Throws<PackageFormatException>(() => YamlReader.Read("name: foo\nname: bar\n"u8, "meta.yaml"));

        Assert.Equal("meta.yaml:2:1: key `name` stands there twice\n  name: bar\n  ^", fault.Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("[\n")]
    [InlineData("? ")]
    public void Two_hundred_thousand_levels_are_refused_at_once(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, Math.Min(200_000, YamlReader.MaximumSize / opening.Length)));
        var watch = Stopwatch.StartNew();

        var fault = Assert.Throws<PackageFormatException>(() => YamlReader.Read(Sample.Bytes(text), "meta.yaml"));

        Assert.Equal("PM2012", fault.Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void Depth_and_count_are_read_up_to_their_limits()
    {
        static string Nested(int levels) => new string('[', levels) + new string(']', levels);
        static string Many(int values) => string.Concat(Enumerable.Repeat("- a\n", values));

        Assert.NotNull(YamlReader.Read(Sample.Bytes(Nested(YamlReader.MaximumDepth + 1)), "x"));
        Assert.Throws<PackageFormatException>(() => YamlReader.Read(Sample.Bytes(Nested(YamlReader.MaximumDepth + 2)), "x"));
        Assert.NotNull(YamlReader.Read(Sample.Bytes(Many(YamlReader.MaximumNodes - 1)), "x"));
        Assert.Throws<PackageFormatException>(() => YamlReader.Read(Sample.Bytes(Many(YamlReader.MaximumNodes)), "x"));
        Assert.Throws<PackageFormatException>(() => YamlReader.Read(new byte[YamlReader.MaximumSize + 1], "x"));
    }

    [Theory]
    [InlineData("a: ")]
    [InlineData("a b ")]
    [InlineData("\"\\x41")]
    [InlineData("a:\n")]
    [InlineData("a #")]
    [InlineData("- - - - - ")]
    [InlineData("\n")]
    [InlineData("'' ")]
    [InlineData(": ")]
    [InlineData(",")]
    [InlineData("? :\n")]
    public void A_mebibyte_of_anything_is_done_in_seconds(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, YamlReader.MaximumSize / Encoding.UTF8.GetByteCount(piece)));
        var watch = Stopwatch.StartNew();

        _ = Record.Exception(() => YamlReader.Read(Sample.Bytes(text), "x")) is { } e ? Assert.IsType<PackageFormatException>(e) : null;

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused() =>
        Assert.Equal("PM2011", Assert.Throws<PackageFormatException>(() => YamlReader.Read([0xff, 0xfe, (byte)'a', 0], "x")).Code);

    static YamlMapping Mapping(string text) => Assert.IsType<YamlMapping>(YamlReader.Read(Sample.Bytes(text), "meta.yaml"));
}
