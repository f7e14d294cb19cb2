namespace Pm.Remotes;

/// <summary>The answer to a <see cref="FetchRequest"/>.</summary>
/// <param name="Content">From <see cref="Offset"/> on. To be disposed: that gives the connection back.</param>
/// <param name="Source">The location of the fetcher that gave it: which of several mirrors.</param>
public sealed record FetchedBody(Stream Content, string Source)
{
    /// <summary>Where in the file the content begins: at the offset that was asked for, or at 0.</summary>
    public long Offset { get; init; }

    /// <summary>What names this state of the file when its rest is asked for later; null where nothing does.</summary>
    public string? Validator { get; init; }

    /// <summary>Bytes of the whole file, where that was said. It may be a lie.</summary>
    public long? TotalLength { get; init; }
}
