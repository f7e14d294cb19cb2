namespace Pm.Packages.Toml;

/// <summary>One part of a dotted key, and where it stands, quotes included.</summary>
readonly record struct TomlKeyPart(string Name, TomlSpan Span);
