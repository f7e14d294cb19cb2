namespace Pm.Packages.Tests.Versions;

/// <summary>Comparators evaluated one by one as docs/formats/versions.md reads, over SemVer versions; shares nothing with the code under test.</summary>
static class RequirementOracle
{
    /// <summary>A comparator as it was made up.</summary>
    /// <param name="Operator">As written; "" for none, "-" for the two of a hyphen range.</param>
    /// <param name="Numbers">One to three, or none for <c>*</c>.</param>
    /// <param name="Pre">Only behind three numbers.</param>
    public sealed record Part(string Operator, int[] Numbers, string? Pre)
    {
        public string Version => Numbers.Length == 0 ? "*" : string.Join('.', Numbers) + (Pre is null ? "" : $"-{Pre}");

        public override string ToString() => Operator + Version;
    }

    public static bool Fulfils(string version, IEnumerable<IReadOnlyList<Part>> alternatives) =>
        alternatives.Any(all => all.All(part => Holds(version, part)) && (!version.Contains('-') || all.Any(part => LetsIn(version, part))));

    static bool LetsIn(string version, Part part) =>
        part.Pre is not null && version.Split('-')[0] == string.Join('.', part.Numbers);

    static bool Holds(string version, Part part)
    {
        if (part.Numbers.Length == 0)
        {
            return part.Operator is not (">" or "<");
        }

        var from = Padded(part.Numbers) + (part.Pre is null ? "" : $"-{part.Pre}");
        var atLeast = SemVerOracle.Compare(version, from) >= 0;
        var isPartial = part.Numbers.Length < 3;
        var last = part.Numbers.Length - 1;
        return part.Operator switch
        {
            ">=" => atLeast,
            "<" => !atLeast,
            ">" => isPartial ? !IsBelow(version, part, last) : SemVerOracle.Compare(version, from) > 0,
            "<=" => isPartial ? IsBelow(version, part, last) : SemVerOracle.Compare(version, from) <= 0,
            "=" => isPartial ? atLeast && IsBelow(version, part, last) : SemVerOracle.Compare(version, from) == 0,
            "~" => atLeast && IsBelow(version, part, Math.Min(1, last)),
            _ => atLeast && IsBelow(version, part, Array.FindIndex(part.Numbers, n => n > 0) is var first and >= 0 ? first : last),
        };
    }

    /// <summary>Below the release with the number at <paramref name="position"/> one higher; its pre-releases are not below it.</summary>
    static bool IsBelow(string version, Part part, int position)
    {
        var next = part.Numbers.Take(position + 1).ToArray();
        next[position]++;
        var release = version.Split('-', '+')[0];
        return SemVerOracle.Compare(release, Padded(next)) < 0;
    }

    static string Padded(int[] numbers) => string.Join('.', numbers.Concat([0, 0, 0]).Take(3));
}
