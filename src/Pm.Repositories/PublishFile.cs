namespace Pm.Repositories;

/// <summary>A <c>.pkg</c> that is to be published.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">What messages call it.</param>
public sealed record PublishFile(string Path, string Name)
{
    /// <summary>Nobody writes to it any more, and it is on the repository's file system: linked, not copied.</summary>
    public bool IsSettled { get; init; }
}
