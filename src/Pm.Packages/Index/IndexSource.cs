namespace Pm.Packages.Index;

/// <summary>A metadata file that an index was made from.</summary>
/// <param name="Name">Of its role, e.g. <c>targets</c>.</param>
/// <param name="Version">As signed.</param>
/// <param name="Expires">From this moment on it is not believed any more.</param>
public sealed record IndexSource(string Name, long Version, DateTimeOffset Expires);
