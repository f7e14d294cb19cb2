namespace Pm.Storage.Unpacking;

/// <summary>What this run made, or found, at a path.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Mode">The final mode of a directory.</param>
/// <param name="Modified">The final time of a directory.</param>
/// <param name="WasThere">A directory that existed before; nothing of it is changed.</param>
readonly record struct MadeEntry(MadeKind Kind, int Mode = 0, DateTimeOffset? Modified = null, bool WasThere = false);
