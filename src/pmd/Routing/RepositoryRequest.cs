using Microsoft.AspNetCore.Http.Features;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Routing;

/// <summary>What an endpoint below a repository's base asks first.</summary>
static class RepositoryRequest
{
    /// <summary>The repository that the request lies in.</summary>
    public static ServedRepository Repository(this HttpContext context) => context.Features.GetRequiredFeature<ServedRepository>();
}
