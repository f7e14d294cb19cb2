namespace Pm.Packages.Manifests;

/// <summary>A source as the keys of a dependency's table.</summary>
public static class SourceKeys
{
    /// <summary>In the order in which they are written.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(PackageSource source)
    {
        switch (source)
        {
            case RemoteSource { Remote: { } remote }:
                yield return new("remote", remote);
                break;
            case GitSource { Kind: GitReferenceKind.Name } named:
                yield return new("source", $"git+{named.Url}#{named.Reference}{(named.Folder is { } inside ? $"?path={inside}" : "")}");
                break;
            case GitSource git:
                yield return new("git", git.Url);
                if (KeyOf(git.Kind) is { } key)
                {
                    yield return new(key, git.Reference);
                }

                if (git.Folder is { } folder)
                {
                    yield return new("path", folder);
                }

                break;
            case ArchiveSource archive:
                yield return new("url", archive.Url);
                yield return new("sha256", archive.Sha256);
                break;
            case LinkSource link:
                yield return new("url", link.Url);
                break;
            case PathSource path:
                yield return new("path", path.Path);
                break;
        }
    }

    /// <summary>A source in one line, for people: <c>https://example.org/lib.git, branch main, packages/lib</c>.</summary>
    public static string Describe(PackageSource source) => source switch
    {
        RemoteSource { Remote: { } remote } => $"remote {remote}",
        RemoteSource => "the remotes",
        GitSource git => string.Join(", ", new[] { git.Url, KeyOf(git.Kind) is { } key ? $"{(key == "rev" ? "commit" : key)} {git.Reference}" : git.Reference, git.Folder }.Where(p => !string.IsNullOrEmpty(p))),
        ArchiveSource archive => archive.Url,
        LinkSource link => link.Url,
        PathSource path => path.Path,
        _ => source.ToString()!,
    };

    static string? KeyOf(GitReferenceKind kind) => kind switch
    {
        GitReferenceKind.Branch => "branch",
        GitReferenceKind.Tag => "tag",
        GitReferenceKind.Commit => "rev",
        _ => null,
    };
}
