namespace Pm.Packages.Toml;

/// <summary>How far a path leads into a document.</summary>
/// <param name="Value">What is there, or the last table on the way that is.</param>
/// <param name="Found">How many steps lead to it; all when the path was found.</param>
/// <param name="Parent">What the last of those steps was taken from.</param>
/// <param name="Inline">The innermost inline table on the way that the value lies in.</param>
/// <param name="InlineAt">How many steps lead to that.</param>
sealed record TomlPlace(TomlValue Value, int Found, TomlValue Parent, TomlTable? Inline, int InlineAt);
