namespace Pm.Stages.Sources;

/// <summary>A source that lies on this machine.</summary>
/// <param name="Directory">
/// The folder of the package, absolute. In the cache, where nobody may change it, or the user's own directory.
/// </param>
/// <param name="Tree">What names its content: the id of a git tree, or <c>tree1:</c> and 64 hexadecimal digits (docs/formats/sources.md).</param>
public sealed record CheckedOutSource(string Directory, string Tree)
{
    /// <summary>Of a git repository: all digits of the commit's hash.</summary>
    public string? Commit { get; init; }

    /// <summary>The whole name of the branch or tag that was followed, such as <c>refs/heads/main</c>; null: none, or not known without asking.</summary>
    public string? Reference { get; init; }
}
