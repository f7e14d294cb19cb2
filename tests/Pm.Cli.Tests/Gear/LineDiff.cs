using System.Globalization;
using System.Text;

namespace Pm.Cli.Tests.Gear;

/// <summary>Shows two lists of lines as one, by their longest common subsequence.</summary>
static class LineDiff
{
    /// <summary>Appends <c>-</c> for lines only expected, <c>+</c> for lines only there.</summary>
    public static void Append(StringBuilder text, IReadOnlyList<string> expected, IReadOnlyList<string> actual, string prefix)
    {
        var common = new int[expected.Count + 1, actual.Count + 1];
        for (var i = expected.Count - 1; i >= 0; i--)
        {
            for (var j = actual.Count - 1; j >= 0; j--)
            {
                common[i, j] = expected[i] == actual[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        for (int e = 0, a = 0; e < expected.Count || a < actual.Count;)
        {
            var isSame = e < expected.Count && a < actual.Count && expected[e] == actual[a];
            var isGone = !isSame && e < expected.Count && (a == actual.Count || common[e + 1, a] >= common[e, a + 1]);
            var line = isSame || isGone ? expected[e] : actual[a];
            text.Append(CultureInfo.InvariantCulture, $"  {(isSame ? ' ' : isGone ? '-' : '+')} {prefix}{line}\n");
            e += isSame || isGone ? 1 : 0;
            a += isSame || !isGone ? 1 : 0;
        }
    }
}
