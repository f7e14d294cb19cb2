namespace Pm.Remotes;

/// <summary>A file that is asked for.</summary>
/// <param name="Path">Parts separated by <c>/</c>; see <see cref="RepositoryPath"/>.</param>
/// <param name="MaximumLength">Of the whole file, in bytes: reading on beyond it fails.</param>
public sealed record FetchRequest(string Path, long MaximumLength)
{
    /// <summary>
    /// The path as it stands in a URL, where a part of it is data that may hold anything: of such a name <see cref="Path"/> is what a
    /// file can have. Null: it is made of the path.
    /// </summary>
    public string? EscapedPath { get; init; }

    /// <summary>Whether signed metadata names it: a mirror that does not have it lags, and another is asked.</summary>
    public bool IsRequired { get; init; }

    /// <summary>How many bytes from its start the caller has already: the answer may go on there, or start over.</summary>
    public long Offset { get; init; }

    /// <summary>What it may take at most, whatever its length is said to be: for what is not signed.</summary>
    public TimeSpan? LongestTime { get; init; }

    /// <summary>Whether nothing will tell in the end that parts of two places are one file: then all of it comes from one.</summary>
    public bool IsOfOnePlace { get; init; }

    /// <summary>For how long one place was waited for, over all answers that broke off; null: this is the first.</summary>
    internal WaitedTime? Waited { get; init; }

    /// <summary>
    /// The validator that came with those bytes: where the file is another by now, the answer starts over. Not needed for
    /// a file whose name or signed hash tells in the end.
    /// </summary>
    public string? Validator { get; init; }
}
