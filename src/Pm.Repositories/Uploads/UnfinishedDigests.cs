using Pm.Codecs;

namespace Pm.Repositories.Uploads;

/// <summary>
/// How far the bytes of unfinished uploads are hashed, so that who goes on with one does not make the server read from its
/// beginning. Bounded, and for speed alone: what is not here is hashed again. Not safe for several threads.
/// </summary>
sealed class UnfinishedDigests : IDisposable
{
    const int Most = 256;

    readonly Dictionary<string, (DigestContext Digest, long Size)> _kept = new(StringComparer.Ordinal);

    /// <summary>Of the first <paramref name="size"/> bytes of a file. It is the caller's no longer.</summary>
    public void Keep(string name, DigestContext digest, long size)
    {
        Forget(name);
        if (_kept.Count >= Most)
        {
            Forget(_kept.Keys.First());
        }

        _kept.Add(name, (digest, size));
    }

    /// <summary>Null: nothing is known of just so many bytes. Else it is the caller's, and no longer here.</summary>
    public DigestContext? Take(string name, long size)
    {
        if (_kept.TryGetValue(name, out var kept) && kept.Size == size)
        {
            _kept.Remove(name);
            return kept.Digest;
        }

        Forget(name);
        return null;
    }

    public void Forget(string name)
    {
        if (_kept.Remove(name, out var kept))
        {
            kept.Digest.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var (digest, _) in _kept.Values)
        {
            digest.Dispose();
        }

        _kept.Clear();
    }
}
