namespace Pm.Packages.Toml;

/// <summary>Keys and their values in the order of the document.</summary>
public sealed class TomlTable
{
    // Up to here, looking at each key is faster than a hash table, and takes no memory.
    const int LargestUnhashed = 8;

    TomlEntry[] _entries;
    Dictionary<string, int>? _places;

    internal TomlTable(TomlDefinition definition, TomlSpan span, int expected = 0)
    {
        (Definition, Span) = (definition, span);
        _entries = expected == 0 ? [] : new TomlEntry[expected];
    }

    /// <summary>The header with its brackets, the inline table, or the key that made it; empty for the whole document.</summary>
    public TomlSpan Span { get; internal set; }

    public int Count { get; private set; }

    /// <summary>All entries, in order.</summary>
    public ReadOnlySpan<TomlEntry> Entries => _entries.AsSpan(0, Count);

    internal TomlDefinition Definition { get; set; }

    public bool TryGet(string key, out TomlValue value)
    {
        var place = PlaceOf(key);
        value = place < 0 ? default : _entries[place].Value;
        return place >= 0;
    }

    internal bool Contains(string key) => PlaceOf(key) >= 0;

    /// <summary>The entry of <paramref name="key"/>; null when it is not there.</summary>
    public TomlEntry? Find(string key) => PlaceOf(key) is var place and >= 0 ? _entries[place] : null;

    internal void Add(string key, TomlSpan keySpan, TomlValue value)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(Count * 2, 2));
        }

        _entries[Count] = new TomlEntry(key, keySpan, value);
        _places?.Add(key, Count);
        Count++;
    }

    int PlaceOf(string key)
    {
        if (Count > LargestUnhashed)
        {
            if (_places is null)
            {
                _places = new Dictionary<string, int>(Count * 2, StringComparer.Ordinal);
                for (var i = 0; i < Count; i++)
                {
                    _places.Add(_entries[i].Key, i);
                }
            }

            return _places.TryGetValue(key, out var place) ? place : -1;
        }

        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}
