using System.Text;

namespace Pm.Packages.Index;

/// <content>Looking for words and capabilities.</content>
public sealed partial class RepositoryIndex
{
    /// <summary>To look at one name costs about as much as to read this many entries of a list.</summary>
    const int EntriesPerLook = 50;

    /// <summary>The numbers of the names whose newest version provides <paramref name="capability"/>, or that are called so.</summary>
    internal List<int> Providers(string capability)
    {
        var text = Encoding.UTF8.GetBytes(capability);
        var numbers = CapabilityList(text);
        if (PackageName.TryParse(capability, out var name) && Find(name) is { } own && NewestOf(own) is not null)
        {
            var at = numbers.BinarySearch(own);
            if (at < 0)
            {
                numbers.Insert(~at, own);
            }
        }

        return numbers;
    }

    /// <summary>Numbers of the names that all of <paramref name="words"/> are found in, each in the list of its rank, ascending.</summary>
    /// <param name="words">In lower case, as <see cref="SearchText.Fold"/> makes them.</param>
    internal List<int>[] Search(IReadOnlyList<byte[]> words)
    {
        var found = new List<int>[Enum.GetValues<SearchRank>().Length];
        for (var rank = 0; rank < found.Length; rank++)
        {
            found[rank] = [];
        }

        foreach (var number in Candidates(words))
        {
            if (NameField(number, 2) != IndexFormat.None && Rank(number, words) is { } rank)
            {
                found[(int)rank].Add(number);
            }
        }

        return found;
    }

    /// <summary>Of several words the worst counts.</summary>
    SearchRank? Rank(int number, IReadOnlyList<byte[]> words)
    {
        var worst = words.Count == 0 ? SearchRank.Name : SearchRank.ExactName;
        var name = NameText(number);
        foreach (var word in words)
        {
            if (SearchText.Rank(name, WordsOf(number), word) is not { } rank)
            {
                return null;
            }

            worst = rank > worst ? rank : worst;
        }

        return worst;
    }

    /// <summary>All names that could have the words, and few others.</summary>
    IEnumerable<int> Candidates(IReadOnlyList<byte[]> words)
    {
        List<int>? candidates = null;
        foreach (var word in words.Where(word => word.Length > 0).OrderByDescending(word => word.Length))
        {
            candidates = word.Length < 3 ? WithStart(word, candidates) : WithAll(word, candidates);
        }

        return candidates ?? Enumerable.Range(0, NameCount);
    }

    /// <summary>Words of one or two letters: all lists whose three letters begin so.</summary>
    List<int> WithStart(ReadOnlySpan<byte> word, List<int>? among)
    {
        var seen = new bool[NameCount];
        var (first, end) = Trigram.Range(word);
        for (var row = TrigramRow(first); row < TrigramCount && TrigramField(row, 0) < end; row++)
        {
            var list = PostingsOf(row);
            while (list.TryNext(out var number))
            {
                seen[number] = true;
            }
        }

        return among is not null ? among.FindAll(number => seen[number])
            : [.. Enumerable.Range(0, NameCount).Where(number => seen[number])];
    }

    /// <summary>Longer words: what is in the lists of all their letters, the shortest lists first.</summary>
    List<int> WithAll(ReadOnlySpan<byte> word, List<int>? among)
    {
        var rows = new List<(int Row, uint Count)>();
        for (var i = 0; i + 2 < word.Length; i++)
        {
            var trigram = Trigram.Of(word[i], word[i + 1], word[i + 2]);
            var row = TrigramRow(trigram);
            if (row == TrigramCount || TrigramField(row, 0) != trigram)
            {
                return [];
            }

            rows.Add((row, TrigramField(row, 2)));
        }

        rows.Sort((a, b) => a.Count.CompareTo(b.Count));
        foreach (var (row, count) in rows)
        {
            if (among is not null && (long)among.Count * EntriesPerLook < count)
            {
                break;
            }

            among = Both(among, PostingsOf(row));
        }

        return among!;
    }

    static List<int> Both(List<int>? among, Postings list)
    {
        var both = new List<int>();
        var at = 0;
        while (list.TryNext(out var number))
        {
            while (among is not null && at < among.Count && among[at] < number)
            {
                at++;
            }

            if (among is null || (at < among.Count && among[at] == number))
            {
                both.Add(number);
            }
        }

        return both;
    }

    int TrigramCount => Entries(IndexSection.Trigrams, IndexFormat.TrigramEntrySize);

    uint TrigramField(int row, int field) => Field(IndexSection.Trigrams, row, IndexFormat.TrigramEntrySize, field);

    int TrigramRow(int trigram)
    {
        var (low, high) = (0, TrigramCount);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = TrigramField(middle, 0) < trigram ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    Postings PostingsOf(int row)
    {
        var (offset, count) = (TrigramField(row, 1), TrigramField(row, 2));
        var list = new IndexReader(Between(
            IndexSection.Postings, offset, (uint)Section(IndexSection.Postings).Length, "a list of names"), _where);
        return count <= (uint)NameCount ? new Postings(list, (int)count, NameCount) : throw Damaged("a list has more names than there are");
    }

    internal int CapabilityCount => Entries(IndexSection.Capabilities, IndexFormat.CapabilityEntrySize);

    /// <summary>Text, number of names, names.</summary>
    internal IndexReader Capability(int row) => new(Between(
        IndexSection.CapabilityData, Field(IndexSection.Capabilities, row, IndexFormat.CapabilityEntrySize, 0),
        (uint)Section(IndexSection.CapabilityData).Length, "a capability"), _where);

    /// <summary>The names that have a capability.</summary>
    internal Postings CapabilityNames(int row)
    {
        var found = Capability(row);
        found.Text();
        var count = found.Count();
        return new Postings(found, count, NameCount);
    }

    List<int> CapabilityList(ReadOnlySpan<byte> capability)
    {
        var rows = CapabilityCount;
        var (low, high) = (0, rows);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Capability(middle).Text().SequenceCompareTo(capability) < 0 ? (middle + 1, high) : (low, middle);
        }

        var numbers = new List<int>();
        if (low < rows && Capability(low).Text().SequenceEqual(capability))
        {
            var list = CapabilityNames(low);
            while (list.TryNext(out var number))
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }
}
