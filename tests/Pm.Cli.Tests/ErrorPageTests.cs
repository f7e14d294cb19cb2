using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Pm.Cli.Manuals;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>Codes in the source and pages for <c>pm explain</c> are the same set.</summary>
public partial class ErrorPageTests
{
    [Fact]
    public void Every_code_in_the_source_has_a_page() => Assert.Empty(Codes().Except(EmbeddedText.ErrorCodes()));

    [Fact]
    public void Every_page_belongs_to_a_code_in_the_source() => Assert.Empty(EmbeddedText.ErrorCodes().Except(Codes()));

    [Fact]
    public void A_page_begins_with_its_code_and_title_and_is_short() =>
        Assert.All(EmbeddedText.ErrorCodes(), code =>
        {
            var text = EmbeddedText.Error(code)!;

            Assert.Matches($"^# {code}: [^\n]+[^.\n]\n\n", text);
            Assert.InRange(text.Split('\n').Length, 4, 17);
        });

    static IEnumerable<string> Codes() =>
        Directory.EnumerateFiles(Source(), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .Distinct();

    static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../src");

    [GeneratedRegex("\"(PM[0-9]{4})\"")]
    private static partial Regex Code();
}
