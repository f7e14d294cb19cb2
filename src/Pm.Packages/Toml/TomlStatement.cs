namespace Pm.Packages.Toml;

/// <summary>A header, or a key with its value; those of an inline table stand before the one that the table is part of.</summary>
/// <param name="IsHeader">Whether it is <c>[name]</c> or <c>[[name]]</c>.</param>
/// <param name="Section">The table that a header opens, or that a key is written in: below a header, or between braces.</param>
/// <param name="Key">The parts of its key.</param>
/// <param name="Span">From its first to its last byte: without indentation and comment.</param>
sealed record TomlStatement(bool IsHeader, TomlTable Section, TomlKeyPart[] Key, TomlSpan Span);
