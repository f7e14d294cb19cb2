namespace Pm.Packages.Toml;

/// <summary>Changes a document that people write, whatever it is written in: what is not changed stays as it is, byte for byte.</summary>
public interface IDocumentEditor
{
    /// <summary>The document as it is now.</summary>
    TomlDocument Document { get; }

    /// <summary>Gives a key its value, with the tables on the way to it.</summary>
    /// <exception cref="PackageFormatException">PM2104: the path leads through what is no table or array, or past an array's end.</exception>
#pragma warning disable CA1716 // A word of Visual Basic, which nothing here is called from.
    void Set(ReadOnlySpan<TomlStep> path, TomlExpression value);
#pragma warning restore CA1716

    /// <summary>Removes a key, or an item of an array.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="PackageFormatException">PM2104: the path leads through what is no table or array, or past an array's end.</exception>
    bool Remove(ReadOnlySpan<TomlStep> path);
}
