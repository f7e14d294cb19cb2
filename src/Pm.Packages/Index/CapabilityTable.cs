using System.Text;

namespace Pm.Packages.Index;

/// <summary>Which names have which capability: those of names that are new, and those that names taken over had in the old index.</summary>
sealed class CapabilityTable(RepositoryIndex? old)
{
    readonly Dictionary<string, List<int>> _fresh = new(StringComparer.Ordinal);

    /// <summary>What the names of the old index are now, plus one; 0: they are not taken over.</summary>
    readonly int[] _takenOver = new int[old?.NameCount ?? 0];

    public void Add(IEnumerable<string> capabilities, int number)
    {
        foreach (var capability in capabilities.Distinct(StringComparer.Ordinal))
        {
            (_fresh.TryGetValue(capability, out var numbers) ? numbers : _fresh[capability] = []).Add(number);
        }
    }

    public void TakeOver(int oldNumber, int number) => _takenOver[oldNumber] = number + 1;

    /// <summary>Writes the table and what it leads to.</summary>
    public void Write(IndexBuffer table, IndexBuffer data)
    {
        // By UTF-8 bytes, as they are looked for: UTF-16 is sorted otherwise where surrogates are.
        var fresh = _fresh.Select(pair => (Text: Encoding.UTF8.GetBytes(pair.Key), Numbers: pair.Value)).ToList();
        fresh.Sort(static (left, right) => left.Text.AsSpan().SequenceCompareTo(right.Text));
        var next = 0;
        for (var row = 0; row < (old?.CapabilityCount ?? 0); row++)
        {
            var text = old!.Capability(row).Text();
            for (; next < fresh.Count && fresh[next].Text.AsSpan().SequenceCompareTo(text) < 0; next++)
            {
                Write(table, data, fresh[next].Text, fresh[next].Numbers);
            }

            var numbers = TakenOver(row);
            if (next < fresh.Count && text.SequenceEqual(fresh[next].Text))
            {
                numbers.AddRange(fresh[next++].Numbers);
                numbers.Sort();
            }

            Write(table, data, text, numbers);
        }

        for (; next < fresh.Count; next++)
        {
            Write(table, data, fresh[next].Text, fresh[next].Numbers);
        }
    }

    List<int> TakenOver(int row)
    {
        var numbers = new List<int>();
        var list = old!.CapabilityNames(row);
        while (list.TryNext(out var number))
        {
            if (_takenOver[number] is var now and > 0)
            {
                numbers.Add(now - 1);
            }
        }

        return numbers;
    }

    static void Write(IndexBuffer table, IndexBuffer data, ReadOnlySpan<byte> text, List<int> numbers)
    {
        if (numbers.Count == 0)
        {
            return;
        }

        table.AddUInt32((uint)data.Length);
        data.AddText(text);
        data.AddVarint((uint)numbers.Count);
        var next = 0;
        foreach (var number in numbers)
        {
            data.AddVarint((uint)(number - next));
            next = number + 1;
        }
    }
}
