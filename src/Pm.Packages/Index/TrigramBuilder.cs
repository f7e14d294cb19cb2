namespace Pm.Packages.Index;

/// <summary>Collects which names hold which three letters. The names come in ascending order.</summary>
sealed class TrigramBuilder
{
    readonly byte[]?[] _lists = new byte[Trigram.Limit][];
    readonly int[] _lengths = new int[Trigram.Limit];
    readonly int[] _counts = new int[Trigram.Limit];
    readonly int[] _next = new int[Trigram.Limit];

    /// <summary>Takes up one text of a name: each three letters in a row once a name.</summary>
    public void Add(int number, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        for (var i = 0; i + 2 < text.Length; i++)
        {
            Add(number, Trigram.Of(text[i], text[i + 1], text[i + 2]));
        }

        if (text.Length > 1)
        {
            Add(number, Trigram.AtEnd(text[^2], text[^1]));
        }

        Add(number, Trigram.AtEnd(text[^1]));
    }

    /// <summary>Where the list of each begins, and how long it is.</summary>
    public IndexBuffer ToTable()
    {
        var table = new IndexBuffer();
        var offset = 0;
        for (var trigram = 0; trigram < _lists.Length; trigram++)
        {
            if (_lists[trigram] is not null)
            {
                table.AddUInt32((uint)trigram);
                table.AddUInt32((uint)offset);
                table.AddUInt32((uint)_counts[trigram]);
                offset = checked(offset + _lengths[trigram]);
            }
        }

        return table;
    }

    /// <summary>The lists, in the order of the table.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lists()
    {
        for (var trigram = 0; trigram < _lists.Length; trigram++)
        {
            if (_lists[trigram] is { } list)
            {
                yield return list.AsMemory(0, _lengths[trigram]);
            }
        }
    }

    void Add(int number, int trigram)
    {
        // The list holds the difference to the number after the one before, so the next is at least 0 away.
        var step = number - _next[trigram];
        if (step < 0)
        {
            return;
        }

        _next[trigram] = number + 1;
        _counts[trigram]++;
        ref var list = ref _lists[trigram];
        ref var length = ref _lengths[trigram];
        const int longest = 5;
        if (list is null || list.Length - length < longest)
        {
            Array.Resize(ref list, Math.Max(8, length * 2));
        }

        for (; step >= 0x80; step >>= 7)
        {
            list[length++] = (byte)(step | 0x80);
        }

        list[length++] = (byte)step;
    }
}
