using Pm.Packages.Manifests;

namespace Pm.Stages.Sources;

/// <summary>What a branch or tag said when it was asked.</summary>
/// <param name="Commit">All digits of its hash.</param>
/// <param name="Name">Its whole name, such as <c>refs/heads/main</c>; <c>HEAD</c> where a repository follows no branch.</param>
readonly record struct GitReference(string Commit, string Name)
{
    /// <summary>Whether it is a tag, which nobody expects to change.</summary>
    public bool IsTag => Name.StartsWith(Tags, StringComparison.Ordinal);

    public const string Branches = "refs/heads/";

    public const string Tags = "refs/tags/";

    /// <summary>Whether a text is the whole name of a branch, and nothing that git could take for something else.</summary>
    public static bool IsBranch(string text) => text.StartsWith(Branches, StringComparison.Ordinal)
        && new GitSource("file:///", GitReferenceKind.Branch, text[Branches.Length..], null).Fault() is null;

    /// <summary>Whether a text is the whole id of a commit, a tree or a file.</summary>
    public static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
