using System.Diagnostics;
using System.Text;
using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Toml;

public class TomlReaderTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+99", 99)]
    [InlineData("-17", -17)]
    [InlineData("1_000", 1000)]
    [InlineData("1_2_3", 123)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0xDEADbeef", 0xdeadbeef)]
    [InlineData("0xdead_beef", 0xdeadbeef)]
    [InlineData("0x00000000000000000000000000000001", 1)]
    [InlineData("0x7fffffffffffffff", long.MaxValue)]
    [InlineData("0o755", 493)]
    [InlineData("0o777777777777777777777", long.MaxValue)]
    [InlineData("0b1101_0110", 214)]
    public void Integers_have_every_form(string text, long number) => Assert.Equal(number, Value(text).Integer);

    [Theory]
    [InlineData("1.0", 1.0)]
    [InlineData("-0.01", -0.01)]
    [InlineData("5e+22", 5e22)]
    [InlineData("1e06", 1e6)]
    [InlineData("-2E-2", -0.02)]
    [InlineData("6.626e-34", 6.626e-34)]
    [InlineData("224_617.445_991_228", 224617.445991228)]
    [InlineData("1_0e1_0", 10e10)]
    [InlineData("0e0", 0.0)]
    [InlineData("-0.0", -0.0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("+nan", double.NaN)]
    [InlineData("-nan", double.NaN)]
    public void Floats_have_every_form(string text, double number)
    {
        var read = Value(text).Float;

        Assert.Equal(number, read);
        Assert.Equal(double.IsNaN(number) || double.IsNegative(number), double.IsNaN(read) || double.IsNegative(read));
    }

    [Theory]
    [InlineData("1979-05-27T07:32:00Z", TomlKind.OffsetDateTime, null)]
    [InlineData("1979-05-27t07:32:00z", TomlKind.OffsetDateTime, "1979-05-27T07:32:00Z")]
    [InlineData("1979-05-27 07:32:00Z", TomlKind.OffsetDateTime, "1979-05-27T07:32:00Z")]
    [InlineData("1979-05-27T00:32:00.999999-07:00", TomlKind.OffsetDateTime, null)]
    [InlineData("1979-05-27T00:32:00+23:59", TomlKind.OffsetDateTime, null)]
    [InlineData("1979-05-27T00:32:00-00:00", TomlKind.OffsetDateTime, "1979-05-27T00:32:00Z")]
    [InlineData("2016-12-31T23:59:60Z", TomlKind.OffsetDateTime, null)]
    [InlineData("1979-05-27T07:32:00", TomlKind.LocalDateTime, null)]
    [InlineData("1979-05-27 07:32:00.5", TomlKind.LocalDateTime, "1979-05-27T07:32:00.5")]
    [InlineData("9999-12-31T23:59:59.1234567899", TomlKind.LocalDateTime, "9999-12-31T23:59:59.123456789")]
    [InlineData("2000-02-29", TomlKind.LocalDate, null)]
    [InlineData("0000-02-29", TomlKind.LocalDate, null)]
    [InlineData("0000-01-01T00:00:00Z", TomlKind.OffsetDateTime, null)]
    [InlineData("00:00:00", TomlKind.LocalTime, null)]
    [InlineData("07:32:00.100", TomlKind.LocalTime, "07:32:00.1")]
    public void Dates_and_times_are_of_four_kinds(string text, TomlKind kind, string? written)
    {
        var value = Value(text + " # comment");

        Assert.Equal(kind, value.Kind);
        Assert.Equal(written ?? text, value.DateTime.ToString());
    }

    [Fact]
    public void A_date_ends_before_a_comment_and_before_a_comma()
    {
        Assert.Equal(TomlKind.LocalDate, Value("2000-01-01 # 1").Kind);
        Assert.Equal([TomlKind.LocalDate, TomlKind.LocalDateTime], Value("[2000-01-01 , 2000-01-01 00:00:00 ]").Array.Items.ToArray().Select(i => i.Kind));
    }

    [Theory]
    [InlineData("""
        "I'm \"quoted\".\tTab\\ \u00E9\U0001F642\b\n\f\r"
        """, "I'm \"quoted\".\tTab\\ é🙂\b\n\f\r")]
    [InlineData("\"tab\tstays, é stays\"", "tab\tstays, é stays")]
    [InlineData("\"\"", "")]
    [InlineData("''", "")]
    [InlineData("""'C:\Users\"x"'""", "C:\\Users\\\"x\"")]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("''''''", "")]
    [InlineData("\"\"\"\nRoses\nViolets\"\"\"", "Roses\nViolets")]
    [InlineData("\"\"\"\r\nRoses\r\nViolets\r\n\"\"\"", "Roses\nViolets\n")]
    [InlineData("'''\r\n\\Roses\r\n'Violets''\r\n'''", "\\Roses\n'Violets''\n")]
    [InlineData("\"\"\"The \\\n\n   fox \\   \n \t jumps.\\\r\n  \"\"\"", "The fox jumps.")]
    [InlineData("\"\"\"\\\"\"\"\\\"\"\" \"\" \"\"\"\"\"", "\"\"\"\"\"\" \"\" \"\"")]
    [InlineData("\"\"\"\"a\"\"\"\"", "\"a\"")]
    [InlineData("''''a'''''", "'a''")]
    [InlineData("\"\"\"a\\u0000\\nb\"\"\"", "a\0\nb")]
    public void Texts_have_four_forms(string toml, string text) => Assert.Equal(text, Value(toml).Text);

    [Fact]
    public void Arrays_may_span_lines_and_mix_kinds()
    {
        var items = Value("[ # begin\n 1 , 'two',\r\n\t[3.0, []], # inside\n {a = 1},true\n,]").Array.Items;

        Assert.Equal([TomlKind.Integer, TomlKind.Text, TomlKind.Array, TomlKind.Table, TomlKind.Boolean], items.ToArray().Select(i => i.Kind));
        Assert.Equal(0, items[2].Array.Items[1].Array.Count);
        Assert.Equal(0, Value("[\n]").Array.Count);
    }

    [Theory]
    [InlineData("a.b.c = 1", "a={b={c=1}}")]
    [InlineData("a . \"b\" .'c' = 1", "a={b={c=1}}")]
    [InlineData("3.14159 = 1", "3={14159=1}")]
    [InlineData("\"\" = 1\na.'' = 2", "=1,a={=2}")]
    [InlineData("a.b = 1\nx = 2\na.c = 3", "a={b=1,c=3},x=2")]
    [InlineData("\"a.b\" = 1", "a.b=1")]
    [InlineData("\"\\u00e9\\\"\" = 1", "é\"=1")]
    [InlineData("true = 1\n-_ = 2\n1-2 = 3", "true=1,-_=2,1-2=3")]
    [InlineData("x = {a.b = 1, a.c = {}, d = [{e = 1}]}", "x={a={b=1,c={}},d=[{e=1}]}")]
    [InlineData("x = { }", "x={}")]
    [InlineData("x = {a = [\n1,\n2]}", "x={a=[1,2]}")]
    [InlineData("[a]\n[b]\nx = 1\n[ c . \"d\" ]", "a={},b={x=1},c={d={}}")]
    [InlineData("[a.b]\nx = 1\n[a]\ny = 2", "a={b={x=1},y=2}")]
    [InlineData("[a.b.c]\n[a]\nb.x = 1", "a={b={c={},x=1}}")]
    [InlineData("[[a]]\nx = 1\n[[a]]\n[a.b]\ny = 2\n[[a.c]]\n[[a.c]]\n[[a]]", "a=[{x=1},{b={y=2},c=[{},{}]},{}]")]
    [InlineData("[a]\nb.c = 1\n[a.b.d]\nx = 2", "a={b={c=1,d={x=2}}}")]
    [InlineData("a.b = 1\n[a.c]\nx = 2\n[[a.d]]", "a={b=1,c={x=2},d=[{}]}")]
    [InlineData("[[a.b]]\n[a]\nx = 1", "a={b=[{}],x=1}")]
    public void Keys_headers_and_inline_tables_make_tables(string toml, string model) => Assert.Equal(model, Model(Read(toml + "\n").Root));

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF# é\n\n \t\r\n#\tx")]
    public void A_document_may_be_empty(string toml) => Assert.Equal(0, Read(toml).Root.Count);

    [Fact]
    public void A_byte_order_mark_at_the_beginning_is_no_column()
    {
        var document = Read("\uFEFFa = 'é🙂' # x\nb = 2");

        var value = document.Root.Find("a")!.Value;
        Assert.Equal(new TextPosition(1, 1), document.PositionOf(value.KeySpan.Start));
        Assert.Equal(new TextPosition(1, 9), document.PositionOf(value.Value.Span.End));
        Assert.Equal(new TextPosition(2, 5), document.PositionOf(document.Root.Find("b")!.Value.Value.Span.Start));
    }

    [Fact]
    public void Every_key_and_value_knows_its_bytes()
    {
        const string Toml = "x.\"y\" = [1, '''t\n'''] # c\n[ t . u ]\n[[v]]\nw = {k = 2000-01-01 00:00:00Z}\n";
        var document = Read(Toml);
        string Written(TomlSpan span) => Encoding.UTF8.GetString(document.Bytes.Span.Slice(span.Start, span.Length));

        document.Root.Find("x")!.Value.Value.Table.TryGet("y", out var array);
        Assert.Equal("[1, '''t\n''']", Written(array.Span));
        Assert.Equal(["1", "'''t\n'''"], array.Array.Items.ToArray().Select(i => Written(i.Span)));
        Assert.Equal("\"y\"", Written(document.Root.Find("x")!.Value.Value.Table.Find("y")!.Value.KeySpan));
        Assert.Equal("[ t . u ]", Written(document.Root.Find("t")!.Value.Value.Table.Find("u")!.Value.Value.Span));
        var item = document.Root.Find("v")!.Value.Value.Array.Items[0];
        Assert.Equal("[[v]]", Written(item.Span));
        var inline = item.Table.Find("w")!.Value.Value;
        Assert.Equal("{k = 2000-01-01 00:00:00Z}", Written(inline.Span));
        Assert.Equal("2000-01-01 00:00:00Z", Written(inline.Table.Find("k")!.Value.Value.Span));
    }

    [Fact]
    public void Keys_are_found_in_large_tables_too()
    {
        var root = Read(string.Concat(Enumerable.Range(0, 1000).Select(i => $"k{i} = {i}\n"))).Root;

        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(i, root.Find($"k{i}")!.Value.Value.Integer));
        Assert.Null(root.Find("k1000"));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"k{i}"), root.Entries.ToArray().Select(e => e.Key));
    }

    [Fact]
    public void Asking_for_another_kind_is_a_bug()
    {
        Assert.Throws<InvalidOperationException>(() => Value("1").Text);
        Assert.Throws<InvalidOperationException>(() => Value("1").DateTime);
        Assert.Throws<InvalidOperationException>(() => Value("'x'").Table);
    }

    [Fact]
    public void Hostile_input_is_refused_in_bounded_time()
    {
        var clock = Stopwatch.StartNew();
        foreach (var toml in new[]
        {
            "a = " + new string('[', 1_000_000),
            "a = " + string.Concat(Enumerable.Repeat("{a=", 300_000)),
            string.Concat(Enumerable.Repeat("a.", 500_000)),
            "[" + string.Concat(Enumerable.Repeat("a.", 500_000)),
            "a = \"" + new string('x', 10_000_000),
            "a = '''" + new string('\'', 1_000_000),
            "a = " + new string('1', 1_000_000),
            "a = 0x" + new string('f', 1_000_000),
            string.Concat(Enumerable.Range(0, 100_000).Select(i => $"k{i} = 1\n")) + "k0 = 2\n",
        })
        {
            Assert.Throws<PackageFormatException>(() => Read(toml));
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Limits_are_the_callers()
    {
        var limits = new TomlLimits { Size = 100, Depth = 3, Values = 5 };
        TomlDocument Limited(string toml) => TomlDocument.Read(Sample.Bytes(toml), "x", limits);

        Assert.Equal(1, Limited("a.b.c = 1").Root.Count);
        Assert.Equal(1, Limited("a = [[1]]").Root.Count);
        foreach (var toml in new[] { "a.b.c.d = 1", "a = [[[1]]]", "[a.b.c]\nd = 1", "a = {b = {c = {}}}", "a.b = {c.d = 1}", "a = [1, 2, 3, 4, 5]", new string(' ', 101) })
        {
            Assert.Equal("PM2102", Assert.Throws<PackageFormatException>(() => Limited(toml)).Code);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new TomlLimits { Depth = TomlLimits.DeepestNesting + 1 });
        var deepest = new TomlLimits { Depth = TomlLimits.DeepestNesting };
        Assert.Equal(1, TomlDocument.Read(Sample.Bytes("a=" + new string('[', 255) + new string(']', 255)), "x", deepest).Root.Count);
    }

    static TomlDocument Read(string toml) => TomlDocument.Read(Sample.Bytes(toml), "pm.toml");

    static TomlValue Value(string toml) => Read($"a = {toml}\n").Root.Find("a")!.Value.Value;

    static string Model(TomlTable table) => string.Join(',', table.Entries.ToArray().Select(e => $"{e.Key}={Model(e.Value)}"));

    static string Model(TomlValue value) => value.Kind switch
    {
        TomlKind.Table => $"{{{Model(value.Table)}}}",
        TomlKind.Array => $"[{string.Join(',', value.Array.Items.ToArray().Select(Model))}]",
        _ => TomlExpression.Of(value).ToString(),
    };
}
