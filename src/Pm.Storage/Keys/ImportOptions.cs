namespace Pm.Storage.Keys;

/// <summary>How keys come into a ring.</summary>
/// <param name="IsTrusted">Whether what they sign is to be believed; those that are trusted already stay so.</param>
/// <param name="Source">What to write down about where they come from: "import alice.asc".</param>
/// <param name="Now">When.</param>
public sealed record ImportOptions(bool IsTrusted, string Source, DateTimeOffset Now);
