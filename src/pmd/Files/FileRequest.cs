using Microsoft.AspNetCore.Http.Features;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Files;

/// <summary>A request for a file of a repository.</summary>
/// <param name="Features">Of the request.</param>
/// <param name="Repository">Null: the path was refused.</param>
/// <param name="Path">Below <c>repository/</c>, of a stranger.</param>
sealed record FileRequest(IFeatureCollection Features, ServedRepository? Repository, string Path);
