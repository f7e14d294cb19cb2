namespace Pm.Storage.Planning;

/// <summary>Something in an application's tree that no package put there, or that somebody edited.</summary>
/// <param name="From">In the tree before.</param>
/// <param name="To">In the new tree.</param>
/// <param name="IsDirectory">An empty directory is made; otherwise the file gets a second name.</param>
readonly record struct CarriedPath(string From, string To, bool IsDirectory)
{
    /// <summary>Of a package's file that somebody edited, the content it had: the store's name may be one of the same file.</summary>
    public BlobName? Blob { get; init; }
}
