using Pm.Packages;
using Pm.Packages.Toml;

namespace Pm.Cli.Projects;

/// <summary>What every <c>pm.toml</c> of a package begins with.</summary>
static class ManifestHead
{
    /// <param name="name">Of the package.</param>
    /// <param name="version">Its first.</param>
    public static TomlWriter Of(PackageName name, PackageVersion version)
    {
        var writer = new TomlWriter();
        writer.Table("package");
        writer.Set("name", TomlExpression.Of(name.Text));
        writer.Set("version", TomlExpression.Of(version.Text));
        writer.Set("description", TomlExpression.Of(""));
        writer.Set("license", TomlExpression.Of("MIT"));
        return writer;
    }
}
