using System.Runtime.CompilerServices;
using Xunit;

namespace Pm.Resolution.Tests;

/// <summary>The case files. <c>PM_UPDATE_CASES=1</c> writes what comes of them, to be read before it is believed.</summary>
public class CaseTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder(), "*.case").Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_case_ends_as_it_says(string file)
    {
        var path = Path.Combine(Folder(), file + ".case");
        var read = Case.Parse(File.ReadAllText(path));

        var actual = read.Run();

        if (Environment.GetEnvironmentVariable("PM_UPDATE_CASES") == "1")
        {
            File.WriteAllText(path, $"{read.Given.TrimEnd()}\n{actual}\n");
            return;
        }

        Assert.Equal(read.Expected, actual);
    }

    [Fact]
    public void There_is_a_case_for_every_rule() => Assert.True(Files.Count >= 100, $"{Files.Count} cases");

    static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases");
}
