using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary><c>events.MAP</c> of a <c>[[module]]</c>: what its author says of the events of a map.</summary>
/// <param name="Type">The type, or several with commas between them; null: not said.</param>
/// <param name="Readings">How members are read, by their names: <c>ip</c>, <c>errno</c>, <c>signal</c>, <c>time</c>, <c>strings</c>.</param>
public sealed record ManifestEvents(string? Type, ImmutableSortedDictionary<string, string> Readings);
