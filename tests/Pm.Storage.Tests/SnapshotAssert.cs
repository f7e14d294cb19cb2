using Xunit;

namespace Pm.Storage.Tests;

static class SnapshotAssert
{
    public static void Equal(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string context)
    {
        var missing = expected.Except(actual).Select(p => $"- {p.Key} {p.Value}");
        var extra = actual.Except(expected).Select(p => $"+ {p.Key} {p.Value}");
        var difference = missing.Concat(extra).ToList();
        Assert.True(difference.Count == 0, $"{context}\n{string.Join('\n', difference)}");
    }
}
