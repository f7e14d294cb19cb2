namespace Pm.Packages.Toml;

/// <summary>Values in the order of the document; they may be of different kinds.</summary>
public sealed class TomlArray
{
    TomlValue[] _items = [];

    internal TomlArray(bool isOfTables) => IsOfTables = isOfTables;

    /// <summary>Whether it was written as <c>[[name]]</c>, once for each item.</summary>
    public bool IsOfTables { get; }

    public int Count { get; private set; }

    /// <summary>All items, in order.</summary>
    public ReadOnlySpan<TomlValue> Items => _items.AsSpan(0, Count);

    internal void Add(TomlValue value)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(Count * 2, 4));
        }

        _items[Count++] = value;
    }
}
