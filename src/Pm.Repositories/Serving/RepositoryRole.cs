using Pm.Trust.Tuf;

namespace Pm.Repositories.Serving;

/// <summary>A role of a repository's metadata.</summary>
/// <param name="Name"><c>root</c>, <c>targets</c>, <c>snapshot</c>, <c>timestamp</c>.</param>
/// <param name="Keys">Who signs for it.</param>
/// <param name="Version">Of its metadata.</param>
/// <param name="Expires">Until when clients believe it.</param>
public sealed record RepositoryRole(string Name, RoleKeys Keys, long Version, DateTimeOffset Expires);
