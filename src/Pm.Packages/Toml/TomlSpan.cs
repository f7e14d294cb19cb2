namespace Pm.Packages.Toml;

/// <summary>A part of a document's bytes.</summary>
public readonly record struct TomlSpan(int Start, int Length)
{
    /// <summary>The byte behind it.</summary>
    public int End => Start + Length;
}
