namespace Pm.Repositories.Uploads;

/// <summary>
/// What lies in <c>uploads/</c> and whose it is: a file counts with the bytes that are promised to its receiver. Not safe for
/// several threads.
/// </summary>
sealed class UploadShares
{
    /// <summary>Of files of which nothing says whose they are.</summary>
    const string Nobody = "";

    readonly Dictionary<string, (string Owner, long Size)> _files = new(StringComparer.Ordinal);
    readonly Dictionary<string, (long Size, int Count)> _owners = new(StringComparer.Ordinal);

    /// <summary>Of all files, in bytes.</summary>
    public long Size { get; private set; }

    public int Count => _files.Count;

    public IEnumerable<string> Names => _files.Keys;

    public bool Contains(string name) => _files.ContainsKey(name);

    public long SizeOf(string name) => _files.GetValueOrDefault(name).Size;

    /// <summary>Null: of nobody who is known, or not there.</summary>
    public string? OwnerOf(string name) => _files.GetValueOrDefault(name).Owner is { Length: > 0 } owner ? owner : null;

    /// <summary>What an owner has there.</summary>
    public (long Size, int Count) Of(string owner) => _owners.GetValueOrDefault(owner);

    /// <param name="name">In the directory.</param>
    /// <param name="owner">Null: as it was, or nobody.</param>
    /// <param name="size">In bytes.</param>
    public void Set(string name, string? owner, long size)
    {
        var whose = owner ?? _files.GetValueOrDefault(name).Owner ?? Nobody;
        Remove(name);
        _files.Add(name, (whose, size));
        Add(whose, size, 1);
    }

    public void Remove(string name)
    {
        if (_files.Remove(name, out var file))
        {
            Add(file.Owner, -file.Size, -1);
        }
    }

    void Add(string owner, long size, int count)
    {
        Size += size;
        var before = _owners.GetValueOrDefault(owner);
        _owners[owner] = (before.Size + size, before.Count + count);
        if (_owners[owner].Count == 0)
        {
            _owners.Remove(owner);
        }
    }
}
