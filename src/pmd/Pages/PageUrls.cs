using Pm.Packages;

namespace Pm.Daemon.Pages;

/// <summary>The permanent URLs of the pages.</summary>
public static class PageUrls
{
    /// <summary><c>/r/darwin/amd64</c></summary>
    public static string Repository(string repository) => Escape($"/r/{repository}");

    /// <summary><c>/p/darwin/amd64/NAME</c>, or with <c>@VERSION</c>.</summary>
    public static string Package(string repository, PackageName name, PackageVersion? version = null) =>
        Escape($"/p/{(repository.Length == 0 ? "" : repository + "/")}{name}{(version is null ? "" : $"@{version}")}");

    /// <summary>A file of the repository.</summary>
    public static string Pkg(string repository, string pkgName) => Escape($"{(repository.Length == 0 ? "" : "/" + repository)}/{pkgName}");

    /// <summary>A file of the repository.</summary>
    public static string PublisherKey(string repository, string fingerprint) =>
        Escape($"{(repository.Length == 0 ? "" : "/" + repository)}/publishers/{fingerprint}.asc");

    public static string Search(string words, string? repository, int page = 1) => "/search" + QueryString.Create(
        ((string Key, string? Value)[])[("q", words), ("ns", repository), ("page", page == 1 ? null : $"{page}")] is var all
            ? all.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value))
            : []);

    /// <summary>A decoded path as it may stand in a URL.</summary>
    public static string Escape(string path) => new PathString(path).ToUriComponent();
}
