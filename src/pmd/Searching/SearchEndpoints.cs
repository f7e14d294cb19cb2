using System.Globalization;
using Pm.Daemon.Answers;
using Pm.Daemon.Pages.Search;
using Pm.Daemon.Routing;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories;

namespace Pm.Daemon.Searching;

/// <summary><c>GET api/v1/search</c> and <c>GET api/v1/packages/NAME[@VERSION]</c>: what a repository has, for programs.</summary>
static class SearchEndpoints
{
    const int DefaultCount = 50;
    const int MaximumCount = 500;

    /// <summary>How far one can leaf; who wants all of it reads available.json.</summary>
    const int MaximumHits = 10_000;

    public static void MapSearch(this IEndpointRouteBuilder repository)
    {
        repository.MapRead("api/v1/search", SearchAsync);
        repository.MapRead("api/v1/packages/{**package}", ShowAsync);
    }

    static Task SearchAsync(HttpContext context)
    {
        var words = SearchWords.Of(context.Request).Words;
        var count = CountOf(context.Request);
        var after = context.Request.Query["after"].ToString();
        var found = new PackageIndex([(null, context.Repository().View.Index)]).Search(words, after.Length == 0 ? count : MaximumHits);
        var hits = after.Length == 0 ? found.Hits : found.Hits.SkipWhile(hit => hit.Package.Name.Text != after).Skip(1).Take(count);
        return JsonAnswer.WriteAsync(context, "search", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total"u8, found.Total);
            json.WriteStartArray("packages"u8);
            foreach (var hit in hits)
            {
                json.WriteStartObject();
                AvailableDocument.WriteMembers(json, hit.Package);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static Task ShowAsync(HttpContext context)
    {
        var text = (string)context.GetRouteValue("package")!;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var versions = PackageName.TryParse(at < 0 ? text : text[..at], out var name)
            ? context.Repository().View.Index.Versions(name).Select(indexed => indexed.Package)
                .Where(package => at < 0 || package.Version.Text == text[(at + 1)..]).ToList()
            : [];
        if (versions.Count == 0)
        {
            throw new RepositoryException("PM5005", $"{Trust.ShownText.Of(text)} is not published here");
        }

        return JsonAnswer.WriteAsync(context, "versions", json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name.Text);
            json.WriteStartArray("versions"u8);
            foreach (var package in versions)
            {
                json.WriteStartObject();
                AvailableDocument.WriteMembers(json, package);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static int CountOf(HttpRequest request) => request.Query["limit"].ToString() switch
    {
        "" => DefaultCount,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MaximumCount => number,
        _ => throw new RepositoryException("PM5039", $"limit: expected a number from 1 to {MaximumCount}"),
    };
}
