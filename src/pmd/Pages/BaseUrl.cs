using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>The URL of a repository, as who asks reached the server.</summary>
static class BaseUrl
{
    public static string Of(HttpRequest request, ServedRepository repository) =>
        $"{request.Scheme}://{request.Host.ToUriComponent()}{(repository.Namespace.Length == 0 ? "" : PageUrls.Escape($"/{repository.Namespace}"))}";
}
