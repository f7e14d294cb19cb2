using System.Text;

namespace Pm.Packages.Index;

/// <summary>What a name is searched by besides itself: capabilities, title and description of its newest version, in lower case.</summary>
static class SearchText
{
    /// <summary>Makes two texts alike that differ in case only. Upper case first, so that two lower cases of one letter are one.</summary>
    public static byte[] Fold(string text) => Encoding.UTF8.GetBytes(text.ToUpperInvariant().ToLowerInvariant());

    public static void Write(IndexBuffer target, AvailablePackage newest)
    {
        target.AddVarint((uint)newest.Provides.Length);
        foreach (var capability in newest.Provides)
        {
            target.AddText(Fold(capability));
        }

        target.AddText(Fold(newest.Title ?? ""));
        target.AddText(Fold(newest.Description));
    }

    /// <summary>Adds all three letters in a row of a name and its words.</summary>
    public static void AddTo(TrigramBuilder trigrams, int number, ReadOnlySpan<byte> name, IndexReader words)
    {
        trigrams.Add(number, name);
        for (var fields = words.Count() + 2; fields > 0; fields--)
        {
            trigrams.Add(number, words.Text());
        }
    }

    /// <summary>Where <paramref name="word"/> is found; null: nowhere.</summary>
    public static SearchRank? Rank(ReadOnlySpan<byte> name, IndexReader words, ReadOnlySpan<byte> word)
    {
        var at = name.IndexOf(word);
        var own = name.IndexOf((byte)'/') + 1;
        if (at >= 0)
        {
            return word.Length == name.Length || (name.Length - own == word.Length && name[own..].SequenceEqual(word)) ? SearchRank.ExactName
                : at == 0 || name[own..].StartsWith(word) ? SearchRank.NameStart
                : SearchRank.Name;
        }

        var provides = words.Count();
        for (var left = provides; left > 0; left--)
        {
            if (words.Text().IndexOf(word) >= 0)
            {
                return SearchRank.Provides;
            }
        }

        return words.Text().IndexOf(word) >= 0 || words.Text().IndexOf(word) >= 0 ? SearchRank.Description : null;
    }
}
