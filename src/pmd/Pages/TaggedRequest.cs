using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>Whether the client has what it asks for.</summary>
static class TaggedRequest
{
    /// <summary>Whether <c>If-None-Match</c> names <paramref name="tag"/>.</summary>
    public static bool Has(HttpRequest request, string tag) => FileAnswer.Decide(
        new FileConditions { IfNoneMatch = request.Headers.IfNoneMatch }, isGet: true, 0, tag, default).Status == StatusCodes.Status304NotModified;
}
