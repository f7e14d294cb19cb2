using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Toml;

/// <summary>Every rule of TOML 1.0 about what is no document, with the place that the message names.</summary>
public class TomlRefusalTests
{
    [Theory]
    [InlineData("a = 01", "1:5")]
    [InlineData("a = -01", "1:5")]
    [InlineData("a = 0_1", "1:5")]
    [InlineData("a = ++1", "1:5")]
    [InlineData("a = 1__2", "1:5")]
    [InlineData("a = _1", "1:5")]
    [InlineData("a = 1_", "1:5")]
    [InlineData("a = 9223372036854775808", "1:5")]
    [InlineData("a = -9223372036854775809", "1:5")]
    [InlineData("a = 0x8000000000000000", "1:5")]
    [InlineData("a = 0o1000000000000000000000", "1:5")]
    [InlineData("a = +0xff", "1:5")]
    [InlineData("a = -0b1", "1:5")]
    [InlineData("a = 0X1", "1:5")]
    [InlineData("a = 0x", "1:5")]
    [InlineData("a = 0x_1", "1:5")]
    [InlineData("a = 0x1_", "1:5")]
    [InlineData("a = 0xg", "1:5")]
    [InlineData("a = 0o8", "1:5")]
    [InlineData("a = 0b2", "1:5")]
    [InlineData("a = 1 2", "1:7")]
    [InlineData("a = 1a", "1:5")]
    public void Integers(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("a = .7", "1:5")]
    [InlineData("a = 7.", "1:5")]
    [InlineData("a = 3.e+20", "1:5")]
    [InlineData("a = +.5", "1:5")]
    [InlineData("a = 03.14", "1:5")]
    [InlineData("a = 1.2.3", "1:5")]
    [InlineData("a = 1._2", "1:5")]
    [InlineData("a = 1_.2", "1:5")]
    [InlineData("a = 1.2_", "1:5")]
    [InlineData("a = 1e", "1:5")]
    [InlineData("a = 1e_2", "1:5")]
    [InlineData("a = 1e2_", "1:5")]
    [InlineData("a = 1ee2", "1:5")]
    [InlineData("a = 1e2.3", "1:5")]
    [InlineData("a = Inf", "1:5")]
    [InlineData("a = in", "1:5")]
    [InlineData("a = NaN", "1:5")]
    [InlineData("a = +true", "1:5")]
    [InlineData("a = True", "1:5")]
    [InlineData("a = truer", "1:5")]
    public void Floats_and_booleans(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("a = 2021-02-29", "1:5")]
    [InlineData("a = 0001-02-29", "1:5")]
    [InlineData("a = 10000-01-01", "1:5")]
    [InlineData("a = 2021-13-01", "1:5")]
    [InlineData("a = 2021-00-01", "1:5")]
    [InlineData("a = 2021-01-32", "1:5")]
    [InlineData("a = 2021-1-1", "1:5")]
    [InlineData("a = 2021-01-01T", "1:5")]
    [InlineData("a = 2021-01-01T24:00:00", "1:5")]
    [InlineData("a = 2021-01-01T00:60:00", "1:5")]
    [InlineData("a = 2021-01-01T00:00:61", "1:5")]
    [InlineData("a = 2021-01-01T00:00", "1:5")]
    [InlineData("a = 2021-01-01T00:00:00.", "1:5")]
    [InlineData("a = 2021-01-01T00:00:00+24:00", "1:5")]
    [InlineData("a = 2021-01-01T00:00:00+01", "1:5")]
    [InlineData("a = 2021-01-01T00:00:00+0100", "1:5")]
    [InlineData("a = 2021-01-0100:00:00", "1:5")]
    [InlineData("a = 2021-01-01  00:00:00", "1:17")]
    [InlineData("a = 00:00:00Z", "1:5")]
    [InlineData("a = 1:00:00", "1:5")]
    [InlineData("a = 00:00", "1:5")]
    public void Dates_and_times(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("a = \"b", "1:5")]
    [InlineData("a = 'b", "1:5")]
    [InlineData("a = \"b\nc\"", "1:7")]
    [InlineData("a = 'b\nc'", "1:7")]
    [InlineData("a = \"\"\"b\"\"", "1:5")]
    [InlineData("a = '''b''", "1:5")]
    [InlineData("a = \"\\e\"", "1:6")]
    [InlineData("a = \"\\x41\"", "1:6")]
    [InlineData("a = \"\\a\"", "1:6")]
    [InlineData("a = \"\\/\"", "1:6")]
    [InlineData("a = \"\\ \"", "1:6")]
    [InlineData("a = \"\\\nb\"", "1:6")]
    [InlineData("a = \"\\u12\"", "1:6")]
    [InlineData("a = \"\\u+123\"", "1:6")]
    [InlineData("a = \"\\ud800\"", "1:6")]
    [InlineData("a = \"\\U00110000\"", "1:6")]
    [InlineData("a = \"\"\"\\ x\"\"\"", "1:8")]
    [InlineData("a = \"\"\"a\"\"\"\"\"\"", "1:14")]
    [InlineData("a = '''a''''''", "1:14")]
    [InlineData("a = \"b\"c", "1:8")]
    [InlineData("a = \"b\" \"c\"", "1:9")]
    [InlineData("a = b", "1:5")]
    [InlineData("a = \"\u0001\"", "1:6")]
    [InlineData("a = \"\u007f\"", "1:6")]
    [InlineData("a = 'b\u001f'", "1:7")]
    [InlineData("a = \"\"\"\n\u0000\"\"\"", "2:1")]
    [InlineData("a = '''\n\rb'''", "2:1")]
    [InlineData("a = \"\"\"b\r\"\"\"", "1:9")]
    public void Texts(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("# a\u0000", "1:4")]
    [InlineData("# a\r", "1:4")]
    [InlineData("# a\u007f", "1:4")]
    [InlineData("# a\u000c", "1:4")]
    [InlineData("a = 1\rb = 2", "1:6")]
    [InlineData("\u000ba = 1", "1:1")]
    [InlineData("a = 1\u000c", "1:6")]
    [InlineData("\na = 1 \uFEFF", "2:7")]
    [InlineData("a\u00a0= 1", "1:2")]
    public void Control_characters_and_other_blanks(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("= 1", "1:1")]
    [InlineData("a", "1:2")]
    [InlineData("a =", "1:4")]
    [InlineData("a = # x", "1:5")]
    [InlineData("a =\n1", "1:4")]
    [InlineData("a\n= 1", "1:2")]
    [InlineData("a b = 1", "1:3")]
    [InlineData("a. = 1", "1:4")]
    [InlineData(".a = 1", "1:1")]
    [InlineData("a..b = 1", "1:3")]
    [InlineData("a == 1", "1:4")]
    [InlineData("é = 1", "1:1")]
    [InlineData("a# = 1", "1:2")]
    [InlineData("a! = 1", "1:2")]
    [InlineData("\"a = 1", "1:1")]
    [InlineData("\"\"\"a\"\"\" = 1", "1:3")]
    [InlineData("'''a''' = 1", "1:3")]
    [InlineData("\"a\nb\" = 1", "1:3")]
    [InlineData("a = 1 b = 2", "1:7")]
    [InlineData("a = 1, b = 2", "1:6")]
    public void Keys(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("[]", "1:2")]
    [InlineData("[a", "1:3")]
    [InlineData("[a\n]", "1:3")]
    [InlineData("[a]]", "1:4")]
    [InlineData("[a] b = 1", "1:5")]
    [InlineData("[a.]", "1:4")]
    [InlineData("[.a]", "1:2")]
    [InlineData("[a..b]", "1:4")]
    [InlineData("[a b]", "1:4")]
    [InlineData("[[a]", "1:4")]
    [InlineData("[[a] ]", "1:4")]
    [InlineData("[ [a]]", "1:3")]
    [InlineData("[[]]", "1:3")]
    [InlineData("[a[b]]", "1:3")]
    [InlineData("[a]=1", "1:4")]
    public void Headers(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("a = [1 2]", "1:8")]
    [InlineData("a = [1,,2]", "1:8")]
    [InlineData("a = [,]", "1:6")]
    [InlineData("a = [1", "1:7")]
    [InlineData("a = [1,\n", "2:1")]
    [InlineData("a = [b = 1]", "1:6")]
    [InlineData("a = [1}]", "1:7")]
    [InlineData("a = {b = 1,}", "1:12")]
    [InlineData("a = {b = 1\n}", "1:11")]
    [InlineData("a = {\n}", "1:6")]
    [InlineData("a = {b = 1,\nc = 2}", "1:12")]
    [InlineData("a = {b = 1 # x\n}", "1:12")]
    [InlineData("a = {b = 1 c = 2}", "1:12")]
    [InlineData("a = {,}", "1:6")]
    [InlineData("a = {b}", "1:7")]
    [InlineData("a = {b = }", "1:10")]
    [InlineData("a = {b = 1", "1:11")]
    public void Arrays_and_inline_tables(string toml, string where) => Refused(toml, where);

    [Theory]
    [InlineData("a = 1\na = 2", "2:1")]
    [InlineData("a = 1\n\"a\" = 2", "2:1")]
    [InlineData("a = 1\na.b = 2", "2:1")]
    [InlineData("a.b = 1\na = 2", "2:1")]
    [InlineData("a.b = 1\na.b.c = 2", "2:3")]
    [InlineData("a = {b = 1, b = 2}", "1:13")]
    [InlineData("a = {b = 1, b.c = 2}", "1:13")]
    [InlineData("a = {b.c = 1, b = 2}", "1:15")]
    [InlineData("a = {b = {}, b.c = 2}", "1:14")]
    public void A_key_that_is_defined_twice(string toml, string where) => Refused(toml, where, "PM2103");

    [Theory]
    [InlineData("[a]\n[a]", "2:2")]
    [InlineData("[a]\n[\"a\"]", "2:2")]
    [InlineData("[a.b]\n[a]\n[a]", "3:2")]
    [InlineData("[a]\nb = 1\n[a.b]", "3:4")]
    [InlineData("[a]\nb = 1\n[a.b.c]", "3:4")]
    [InlineData("a = 1\n[a]", "2:2")]
    [InlineData("[a.b]\n[a]\nb = 1", "3:1")]
    public void A_table_that_is_defined_twice(string toml, string where) => Refused(toml, where, "PM2103");

    [Theory]
    [InlineData("a.b = 1\n[a]", "2:2")]
    [InlineData("[f]\na.c = 1\n[f.a]", "3:4")]
    [InlineData("[f]\na.t.s = 1\n[f.a.t]", "3:6")]
    [InlineData("[a.b.c]\n[a]\nb.c.d = 1", "3:3")]
    [InlineData("[a.b.c.d]\n[a]\nb.c.d.k.t = 1", "3:5")]
    [InlineData("[a.b.c]\n[a]\nb.x = 1\n[a.b]", "4:4")]
    public void A_table_that_a_header_and_dotted_keys_define(string toml, string where) => Refused(toml, where, "PM2103");

    [Theory]
    [InlineData("a = {}\n[a]", "2:2")]
    [InlineData("a = {}\n[a.b]", "2:2")]
    [InlineData("a = {}\na.b = 1", "2:1")]
    [InlineData("a.b = {}\na.b.c = 1", "2:3")]
    [InlineData("a = {b = {}}\n[a.b.c]", "2:2")]
    [InlineData("a = {b.c = 1}\na.b.d = 1", "2:1")]
    [InlineData("[a]\nb = {}\n[[a.b]]", "3:5")]
    public void An_inline_table_that_is_added_to(string toml, string where) => Refused(toml, where, "PM2103");

    [Theory]
    [InlineData("a = []\n[[a]]", "2:3")]
    [InlineData("a = [{}]\n[a.b]", "2:2")]
    [InlineData("a = [{}]\na.b = 1", "2:1")]
    [InlineData("[[a]]\n[a]", "2:2")]
    [InlineData("[a]\n[[a]]", "2:3")]
    [InlineData("[[a.b]]\n[[a]]", "2:3")]
    [InlineData("[[a]]\nb.c = 1\n[[a.b]]", "3:5")]
    [InlineData("[[a]]\nb = []\n[[a.b]]", "3:5")]
    [InlineData("[[a.b]]\n[a]\nb.c = 1", "3:1")]
    [InlineData("[[a]]\n[a.b]\n[[a.b]]", "3:5")]
    [InlineData("a = 1\n[[a]]", "2:3")]
    public void An_array_of_tables_that_is_something_else(string toml, string where) => Refused(toml, where, "PM2103");

    [Fact]
    public void Bytes_that_are_not_utf8()
    {
        foreach (byte[] bytes in new byte[][] { [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82] })
        {
            var fault = Assert.Throws<PackageFormatException>(() => TomlDocument.Read((byte[])[.. "a = 1\nb = 'é"u8, .. bytes, (byte)'\''], "x"));
            Assert.Equal(("PM2101", "x:2:7"), (fault.Code, fault.Where));
        }

        Assert.Throws<PackageFormatException>(() => TomlDocument.Read(System.Text.Encoding.Unicode.GetBytes("a = 1"), "x"));
    }

    [Fact]
    public void The_message_shows_the_line_and_points_at_the_place()
    {
        var fault = Assert.Throws<PackageFormatException>(() => TomlDocument.Read("[a]\n[b]\nname = 'é🙂\u202e' x\n"u8.ToArray(), "pm.toml"));

        Assert.Equal("pm.toml:3:14: expected the end of the line, got `x`\n  name = 'é🙂 ' x\n               ^", fault.Message);
    }

    [Fact]
    public void Of_a_long_line_the_part_around_the_place_is_shown()
    {
        var toml = $"a = ['{new string('x', 500)}', {new string('é', 300)}]";

        var lines = Assert.Throws<PackageFormatException>(() => TomlDocument.Read(Sample.Bytes(toml), "pm.toml")).Message.Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"  …{new string('x', 57)}', é", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("é…", lines[1], StringComparison.Ordinal);
        Assert.Equal('é', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void What_is_defined_twice_says_where_it_was_first()
    {
        var fault = Assert.Throws<PackageFormatException>(() => TomlDocument.Read("\na = [1]\n[a]\n"u8.ToArray(), "pm.toml"));

        Assert.Equal("pm.toml:3:2: `a` is defined twice: line 2 makes it an array\n  [a]\n   ^", fault.Message);
    }

    static void Refused(string toml, string where, string code = "PM2101")
    {
        var fault = Assert.Throws<PackageFormatException>(() => TomlDocument.Read(Sample.Bytes(toml), "x"));

        Assert.Equal((code, $"x:{where}"), (fault.Code, fault.Where));
        // The editor reads by the same code, and says the same.
        Assert.Equal(fault.Message, Assert.Throws<PackageFormatException>(() => new TomlEditor(Sample.Bytes(toml), "x")).Message);
    }
}
