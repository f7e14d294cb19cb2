using Microsoft.Net.Http.Headers;
using Pm.Daemon.Routing;

namespace Pm.Daemon.Pages;

/// <summary>Whether a request asks for a page or for its JSON twin.</summary>
static class PageFormat
{
    const string Parameter = "format";
    const string Json = "json";
    const string Html = "text/html";
    const int MaximumAccept = 1024;

    /// <summary>Of two that are liked alike: smaller than any difference of weights.</summary>
    const double Preference = 0.0001;

    /// <summary><c>?format=json</c>, or <c>Accept</c> likes JSON better. Who accepts anything gets the page.</summary>
    public static bool IsJson(HttpRequest request)
    {
        if (request.Query[Parameter] is [{ Length: > 0 } format, ..])
        {
            return format == Json;
        }

        return Difference(request) < 0;
    }

    /// <summary>Whether a request is a browser's: it names HTML, and likes it no less than JSON.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(Html, StringComparison.OrdinalIgnoreCase) && Difference(request) > 0;

    /// <summary>How much more than JSON HTML is liked.</summary>
    static double Difference(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Length <= MaximumAccept && MediaTypeHeaderValue.TryParseList([accept], out var types)
            ? Weight(types, Html) - Weight(types, "application/json") + Preference
            : Preference;
    }

    /// <summary>The URL of the JSON twin of what is asked for: path and query as they were sent.</summary>
    public static string TwinUrl(HttpRequest request)
    {
        var query = request.Query
            .Where(pair => pair.Key != Parameter)
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value));
        return PageUrls.Escape(RepositoryRouting.PathOf(request)) + QueryString.Create(query).Add(Parameter, Json);
    }

    static double Weight(IEnumerable<MediaTypeHeaderValue> types, string wanted) =>
        types.Where(type => type.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase)).Select(type => type.Quality ?? 1).FirstOrDefault();
}
