using System.Collections.Immutable;

namespace Pm.Packages.Tests.Index;

static class SortedTexts
{
    public static ImmutableSortedDictionary<PackageName, string> ToSorted(this Dictionary<PackageName, string> texts) =>
        texts.ToImmutableSortedDictionary();
}
