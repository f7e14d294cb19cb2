using System.Text;

namespace Pm.Cli.Export;

/// <summary>A file of an export.</summary>
/// <param name="Path">Below its directory, with slashes.</param>
/// <param name="Content">Null: the package itself.</param>
sealed record ExportFile(string Path, ReadOnlyMemory<byte>? Content)
{
    public static ExportFile Of(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Where the package lies.</summary>
    public static ExportFile Package(string path) => new(path, null);
}
