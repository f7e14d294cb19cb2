namespace Pm.Packages.Toml;

/// <summary>Bytes of a document to be replaced.</summary>
readonly record struct TomlSplice(int Start, int End, string Text);
