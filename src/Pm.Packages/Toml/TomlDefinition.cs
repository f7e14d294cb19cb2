namespace Pm.Packages.Toml;

/// <summary>How a table came about, which decides what may still be added to it. Source: TOML 1.0, "Table" and "Inline Table".</summary>
enum TomlDefinition
{
    /// <summary>Named on the way to another in a header; one header of its own may follow.</summary>
    Implicit,

    /// <summary>By its own header, or the whole document.</summary>
    Header,

    /// <summary>By dotted keys: it grows by others of its section and by headers of tables below it.</summary>
    Dotted,

    /// <summary>Between braces, and complete.</summary>
    Inline,
}
