using System.Globalization;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Bench;

/// <summary>1,500 packages that the first of them leads to, as a desktop leads to its parts: each needs the next, and some of the hundred after it.</summary>
static class GeneratedClosure
{
    internal const int Size = 1_500;
    const int NeedsEach = 4;
    const int Near = 100;

    internal static IReadOnlyList<AvailablePackage> Packages { get; } = [.. Enumerable.Range(0, Size).Select(Package)];

    static AvailablePackage Package(int number)
    {
        var random = new Random(number);
        var needs = Enumerable.Range(0, number == Size - 1 ? 0 : NeedsEach)
            .Select(need => need == 0 ? number + 1 : random.Next(number + 1, Math.Min(Size, number + Near)));
        return new AvailablePackage(PackageId.Parse($"{Name(number)}@1.0.0"))
        {
            Description = "A package of a generated closure.",
            SizeInBytes = 10_000,
            DownloadSize = 3_000,
            Dependencies = [.. needs.Distinct().Order().Select(need => Dependency.Parse(Name(need)))],
        };
    }

    internal static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"closure-{number:0000}");
}
