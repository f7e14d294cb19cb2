using System.Globalization;
using System.Text;
using System.Text.Json;
using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Toml;

/// <summary>The public suite toml-lang/toml-test for TOML 1.0, where a checkout of it is at <c>$PM_VECTORS/toml-test</c>.</summary>
public class TomlSuiteTests
{
    [Fact]
    public void What_the_suite_calls_valid_is_read_as_it_says()
    {
        var cases = Cases("valid");

        Assert.All(cases, file =>
        {
            var document = TomlDocument.Read(File.ReadAllBytes(file), file);
            using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(file, ".json")));
            Compare(expected.RootElement, document.Root);
            // What is written of it is read the same.
            var written = Encoding.UTF8.GetBytes($"x = {TomlExpression.Of(TomlValue.OfTable(document.Root))}");
            Compare(expected.RootElement, TomlDocument.Read(written, file).Root.Find("x")!.Value.Value.Table);
        });
    }

    [Fact]
    public void What_the_suite_calls_invalid_is_refused_by_reader_and_editor_alike()
    {
        var cases = Cases("invalid");

        Assert.All(cases, file =>
        {
            var bytes = File.ReadAllBytes(file);
            var fault = Assert.Throws<PackageFormatException>(() => TomlDocument.Read(bytes, "x"));
            Assert.Equal(fault.Message, Assert.Throws<PackageFormatException>(() => new TomlEditor(bytes, "x")).Message);
        });
    }

    /// <summary>
    /// What this reader does otherwise: the words of TOML 1.0 allow a carriage return alone between three quotes, its grammar does not, and
    /// since 1.1 the words do not either. Source: docs/formats/toml.md.
    /// </summary>
    static readonly string[] Otherwise = ["valid/spec-1.0.0/control-multi-cr.toml", "valid/spec-1.0.0/control-rawmulti-cr.toml"];

    /// <summary>The cases that the suite's list for TOML 1.0 has; all where there is no list.</summary>
    static List<string> Cases(string kind)
    {
        var vectors = Environment.GetEnvironmentVariable("PM_VECTORS");
        var suite = Path.Combine(vectors ?? "", "toml-test", "tests");
        Assert.SkipUnless(vectors is not null && Directory.Exists(suite), $"no checkout of toml-lang/toml-test at $PM_VECTORS/toml-test ({(vectors is null ? "PM_VECTORS is not set" : suite)})");
        var list = Path.Combine(suite, "files-toml-1.0.0");
        var files = File.Exists(list)
            ? File.ReadLines(list).Select(line => Path.Combine(suite, line))
            : Directory.EnumerateFiles(suite, "*.toml", SearchOption.AllDirectories);
        var cases = files.Where(f => f.EndsWith(".toml", StringComparison.Ordinal) && Path.GetRelativePath(suite, f).StartsWith(kind, StringComparison.Ordinal) && !Otherwise.Contains(Path.GetRelativePath(suite, f))).ToList();
        Assert.NotEmpty(cases);
        return cases;
    }

    static void Compare(JsonElement expected, TomlTable table)
    {
        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), table.Entries.ToArray().Select(e => e.Key).Order(StringComparer.Ordinal));
        foreach (var member in expected.EnumerateObject())
        {
            Compare(member.Value, table.Find(member.Name)!.Value.Value);
        }
    }

    static void Compare(JsonElement expected, TomlValue value)
    {
        if (expected.ValueKind is JsonValueKind.Array)
        {
            var items = expected.EnumerateArray().ToList();
            Assert.Equal(items.Count, value.Array.Count);
            for (var i = 0; i < items.Count; i++)
            {
                Compare(items[i], value.Array.Items[i]);
            }
        }
        else if (value.Kind is TomlKind.Table)
        {
            Compare(expected, value.Table);
        }
        else
        {
            CompareScalar(expected.GetProperty("type").GetString()!, expected.GetProperty("value").GetString()!, value);
        }
    }

    static void CompareScalar(string type, string text, TomlValue value)
    {
        var (kind, same) = type switch
        {
            "string" => (TomlKind.Text, value.Kind is TomlKind.Text && value.Text == text.ReplaceLineEndings("\n")),
            "integer" => (TomlKind.Integer, value.Kind is TomlKind.Integer && value.Integer == long.Parse(text, CultureInfo.InvariantCulture)),
            "float" => (TomlKind.Float, value.Kind is TomlKind.Float && value.Float.Equals(Number(text))),
            "bool" => (TomlKind.Boolean, value.Kind is TomlKind.Boolean && value.Boolean == (text == "true")),
            "datetime" => (TomlKind.OffsetDateTime, IsTime(text, value)),
            "datetime-local" => (TomlKind.LocalDateTime, IsTime(text, value)),
            "date-local" => (TomlKind.LocalDate, IsTime(text, value)),
            _ => (TomlKind.LocalTime, IsTime(text, value)),
        };
        Assert.Equal(kind, value.Kind);
        Assert.True(same, $"expected {type} {text}, got {TomlExpression.Of(value)}");
    }

    static double Number(string text) => text.TrimStart('+') switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" or "-nan" => double.NaN,
        var number => double.Parse(number, CultureInfo.InvariantCulture),
    };

    static bool IsTime(string text, TomlValue value) =>
        TomlTime.Read(Encoding.UTF8.GetBytes(text), out var expected) is null && expected == value.DateTime;
}
