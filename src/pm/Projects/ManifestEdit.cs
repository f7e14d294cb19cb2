using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>Changes of a manifest that leave what they do not touch as its author wrote it.</summary>
static class ManifestEdit
{
    /// <exception cref="CommandException">PM1184: it is JSON, which pm reads and does not edit.</exception>
    public static TomlEditor Begin(Project project) => project.ManifestPath.EndsWith(".toml", StringComparison.Ordinal)
        ? new TomlEditor(project.Manifest.Document.Bytes, project.Manifest.Document.File, new TomlLimits { Size = Manifest.MaximumSize })
        : throw NotToml(project.Manifest.Document.File);

    /// <summary>The error of a manifest in JSON.</summary>
    public static CommandException NotToml(string file) => new(
        ExitCode.Usage, "PM1184", $"{file} is JSON, which pm reads and does not edit", $"write it as {ManifestFile.Names[0]}, or edit it by hand and run `pm lock`");
}
