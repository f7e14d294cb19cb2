using Microsoft.AspNetCore.Http.Features;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Files;

/// <summary>A request for a file of a repository.</summary>
/// <param name="features">Of the request.</param>
/// <param name="repository">Which has it.</param>
/// <param name="path">Below <c>repository/</c>, of a stranger.</param>
sealed class FileRequest(IFeatureCollection features, ServedRepository repository, string path)
{
    public IFeatureCollection Features { get; } = features;

    public ServedRepository Repository { get; } = repository;

    public string Path { get; } = path;

    /// <summary>Of the body, so far.</summary>
    public long SentBytes { get; set; }
}
