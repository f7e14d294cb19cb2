namespace Pm.Packages.Manifests;

/// <summary>A git repository.</summary>
/// <param name="Url">https, http, ssh or file; without password, and nothing git could take for an option.</param>
/// <param name="Kind">What <paramref name="Reference"/> is.</param>
/// <param name="Reference">A name that git allows; "" for <see cref="GitReferenceKind.Default"/>.</param>
/// <param name="Folder">Where the package is in it; null: at the top.</param>
public sealed record GitSource(string Url, GitReferenceKind Kind, string Reference, string? Folder) : PackageSource
{
    /// <summary>What is wrong with it; null for every one that was read from a text. For who hands it to git.</summary>
    public string? Fault() => SourceText.Git(Url, Kind, Reference, Folder, out _);
}
