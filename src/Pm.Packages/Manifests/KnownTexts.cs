namespace Pm.Packages.Manifests;

/// <summary>What texts mean that stand in a document again and again: each is made into a string, checked and read once.</summary>
/// <param name="read">What a text means; null: nothing.</param>
sealed class KnownTexts<T>(Func<string, T?> read)
    where T : class
{
    readonly Dictionary<string, T?> _known = new(StringComparer.Ordinal);

    /// <summary>Whether a text was there before.</summary>
    public bool TryGet(ReadOnlySpan<char> text, out T? meaning) => _known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out meaning);

    public T? Add(string text) => _known.TryGetValue(text, out var meaning) ? meaning : _known[text] = read(text);
}
