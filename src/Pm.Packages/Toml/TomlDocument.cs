namespace Pm.Packages.Toml;

/// <summary>A TOML 1.0 document: its values, and where each of them stands. Source: docs/formats/toml.md.</summary>
public sealed class TomlDocument
{
    internal TomlDocument(TomlSource source, TomlTable root, IReadOnlyList<TomlStatement> statements) =>
        (Source, Root, Statements) = (source, root, statements);

    /// <summary>The table that the whole document is.</summary>
    public TomlTable Root { get; }

    /// <summary>The name of the file, for messages.</summary>
    public string File => Source.File;

    /// <summary>The document as it was read.</summary>
    public ReadOnlyMemory<byte> Bytes => Source.Bytes;

    internal TomlSource Source { get; }

    /// <summary>In order; none unless they were asked for.</summary>
    internal IReadOnlyList<TomlStatement> Statements { get; }

    /// <param name="utf8">The document, with or without a byte order mark. It must not change afterwards: texts are taken from it when they are asked for.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="limits">How much is read; <see cref="TomlLimits.Default"/> when null.</param>
    /// <exception cref="PackageFormatException">PM2101–PM2103: not TOML, beyond the limits, or something is defined twice.</exception>
    public static TomlDocument Read(ReadOnlyMemory<byte> utf8, string file, TomlLimits? limits = null) =>
        TomlParser.Read(utf8, file, limits ?? TomlLimits.Default, keepsStatements: false);

    /// <summary>Line and column, which counts code points, of a byte.</summary>
    public TextPosition PositionOf(int offset) => Source.PositionOf(offset);

    /// <summary>An exception that names the place of <paramref name="span"/>, shows its line and points at its first character.</summary>
    public PackageFormatException Fault(string code, string message, TomlSpan span, string? hint = null) =>
        Source.Fault(code, message, span.Start, hint);

    /// <summary>With what an editor needs to know of its lines.</summary>
    internal static TomlDocument ReadForEditing(ReadOnlyMemory<byte> utf8, string file, TomlLimits limits) =>
        TomlParser.Read(utf8, file, limits, keepsStatements: true);
}
