using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>The URL of a repository, as who asks reached the server.</summary>
static class BaseUrl
{
    public static string Of(HttpRequest request, ServedRepository repository) =>
        $"{request.Scheme}://{request.Host.ToUriComponent()}{(repository.Namespace.Length == 0 ? "" : PageUrls.Escape($"/{repository.Namespace}"))}";

    /// <summary>The command that brings a publisher's public key into a root's ring.</summary>
    public static string KeyImport(HttpRequest request, ServedRepository repository, string fingerprint) =>
        $"pm key import {request.Scheme}://{request.Host.ToUriComponent()}{PageUrls.PublisherKey(repository.Namespace, fingerprint)}";
}
