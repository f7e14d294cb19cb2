using Pm.Packages;

namespace Pm.Cli.Export;

/// <summary>A kind of package that others have.</summary>
/// <param name="Word">On the command line.</param>
/// <param name="What">For people.</param>
/// <param name="Manifest">The file that others know it by, or how the name of that ends.</param>
/// <param name="Version">Its version there; null: it cannot be said there.</param>
/// <param name="Files">What it consists of.</param>
/// <param name="Use">What is done with the directory next.</param>
sealed record ExportForm(
    string Word, string What, string Manifest, Func<PackageVersion, string?> Version, Func<ExportSource, string, IReadOnlyList<ExportFile>> Files, Func<ExportSource, string, string> Use)
{
    public static IReadOnlyList<ExportForm> All { get; } =
    [
        new("go", "a Go module", "go.mod", version => version.Text, GoExport.Files, (source, directory) => $"go mod edit -require {source.Name}@v0.0.0 -replace {source.Name}={directory}"),
        new("npm", "an npm package", "package.json", ExportVersion.Npm, NpmExport.Files, (_, directory) => $"npm install {directory}"),
        new("pypi", "a Python package", "pyproject.toml", ExportVersion.Python, PypiExport.Files, (_, directory) => $"pip install {directory}"),
        new("gem", "a Ruby gem", ".gemspec", ExportVersion.Ruby, GemExport.Files, GemExport.Use),
    ];
}
