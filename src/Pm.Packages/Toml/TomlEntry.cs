namespace Pm.Packages.Toml;

/// <summary>A key of a table, where it was first written, and its value.</summary>
public readonly record struct TomlEntry(string Key, TomlSpan KeySpan, TomlValue Value);
