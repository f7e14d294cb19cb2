using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Toml;

public class TomlWriterTests
{
    [Fact]
    public void A_document_is_written_in_the_order_of_the_calls()
    {
        var writer = new TomlWriter();

        writer.Comment("Written by pm.\n\nNot by hand.");
        writer.Set("version", TomlExpression.Of(1));
        writer.Table("root", "x y");
        writer.Set("\"", TomlExpression.Of("a\"b\\\n\u0001é🙂"));
        writer.ArrayTable("package");
        writer.Set("size", TomlExpression.Of(-0.0));
        writer.Set("none", TomlExpression.Lines([]));
        writer.ArrayTable("package");
        writer.Set("dependencies", TomlExpression.Lines([TomlExpression.Of("a"), TomlExpression.Table([KeyValuePair.Create("", TomlExpression.Of(true))])]));

        var bytes = writer.ToBytes();
        Assert.Equal(
            """
            # Written by pm.
            #
            # Not by hand.
            version = 1

            [root."x y"]
            "\"" = "a\"b\\\n\u0001é🙂"

            [[package]]
            size = -0.0
            none = []

            [[package]]
            dependencies = [
                "a",
                { "" = true },
            ]

            """,
            Sample.Text(bytes));
        Assert.Equal(3, TomlDocument.Read(bytes, "x").Root.Count);
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(1e300, "1e+300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(0.1, "0.1")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Floats_are_written_as_floats(double number, string toml)
    {
        Assert.Equal(toml, TomlExpression.Of(number).ToString());
        Assert.Equal(number, TomlDocument.Read(Sample.Bytes($"x = {toml}"), "x").Root.Find("x")!.Value.Value.Float);
    }

    [Fact]
    public void What_has_no_form_is_a_bug_of_the_callers()
    {
        Assert.Throws<ArgumentException>(() => TomlExpression.Of("\ud800"));
        Assert.Throws<ArgumentException>(() => new TomlWriter().Comment("\u0001"));
    }
}
