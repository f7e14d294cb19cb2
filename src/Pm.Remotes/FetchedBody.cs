namespace Pm.Remotes;

/// <summary>The answer to a <see cref="FetchRequest"/>.</summary>
/// <param name="Content">From <see cref="Offset"/> on. To be disposed: that gives the connection back.</param>
public sealed record FetchedBody(Stream Content)
{
    /// <summary>Where in the file the content begins: at the offset that was asked for, or at 0.</summary>
    public long Offset { get; init; }

    /// <summary>What names this state of the file when its rest is asked for later; null where nothing does.</summary>
    public string? Validator { get; init; }

    /// <summary>Bytes of the whole file, where that was said. It may be a lie.</summary>
    public long? TotalLength { get; init; }
}
