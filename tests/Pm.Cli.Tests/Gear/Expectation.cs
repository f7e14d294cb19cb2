using System.Text.RegularExpressions;

namespace Pm.Cli.Tests.Gear;

/// <summary>Compares lines with what a case expects: literal text, tokens for what differs from run to run, <c>...</c> for any lines.</summary>
sealed class Expectation(IEnumerable<(string Token, string Value)> names)
{
    const string AnyLines = "...";

    static readonly (string Token, string Pattern)[] Kinds =
    [
        ("[HASH]", "[0-9a-f]{64}"),
        ("[FPR]", "[0-9A-F]{40}"),
        ("[KEYID]", "[0-9A-F]{8,16}"),
        ("[TIME]", @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z"),
        ("[DATE]", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        ("[SIZE]", "[0-9.]+ ([KMGTP]i)?B"),
        ("[N]", "[0-9]+"),
        ("[..]", ".*"),
    ];

    /// <summary>Kinds that a rewritten case does not pin down.</summary>
    static readonly string[] AlwaysRedacted = ["[FPR]", "[TIME]"];

    readonly (string Token, string Value)[] _names = [.. names];

    public bool Matches(IReadOnlyList<string> expected, IReadOnlyList<string> actual) => Matches(expected, 0, actual, 0);

    /// <summary>The lines as a case would have them, keeping those expected lines that already match.</summary>
    public IEnumerable<string> Redact(IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        Matches(expected, actual) ? expected : actual.Select((line, n) => n < expected.Count && Matches(expected[n], line) ? expected[n] : Redact(line));

    bool Matches(IReadOnlyList<string> expected, int e, IReadOnlyList<string> actual, int a)
    {
        if (e == expected.Count)
        {
            return a == actual.Count;
        }

        return expected[e] == AnyLines
            ? Enumerable.Range(a, actual.Count - a + 1).Any(next => Matches(expected, e + 1, actual, next))
            : a < actual.Count && Matches(expected[e], actual[a]) && Matches(expected, e + 1, actual, a + 1);
    }

    bool Matches(string expected, string actual)
    {
        var pattern = Regex.Escape(expected);
        foreach (var (token, value) in _names)
        {
            pattern = pattern.Replace(Regex.Escape(token), Regex.Escape(value), StringComparison.Ordinal);
        }

        foreach (var (token, kind) in Kinds)
        {
            pattern = pattern.Replace(Regex.Escape(token), kind, StringComparison.Ordinal);
        }

        return Regex.IsMatch(actual, $"^{pattern}$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    string Redact(string line)
    {
        foreach (var (token, value) in _names)
        {
            line = line.Replace(value, token, StringComparison.Ordinal);
        }

        return Kinds.Where(k => AlwaysRedacted.Contains(k.Token))
            .Aggregate(line, (text, kind) => Regex.Replace(text, $@"\b{kind.Pattern}\b", kind.Token));
    }
}
