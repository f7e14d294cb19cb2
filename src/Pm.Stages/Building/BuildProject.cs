using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>A directory with a manifest.</summary>
/// <param name="Directory">Absolute.</param>
/// <param name="File">The name of the manifest in it.</param>
/// <param name="Manifest">What it says.</param>
public sealed record BuildProject(string Directory, string File, Manifest Manifest)
{
    /// <summary>What a manifest may be called, first first.</summary>
    static readonly string[] Names = ["pm.toml", "ebpm.toml", "ebpm.json", "config.json"];

    /// <summary>The package it makes; else the directory.</summary>
    public string Title => Manifest.Package is { } package ? package.Name.Text : PathText.Show(Directory);

    /// <summary>Reads the manifest of a directory, and of none above it; null: there is none.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="shown">The directory in messages; null: as it is.</param>
    /// <exception cref="PackageFormatException">PM21xx: it is no manifest.</exception>
    public static BuildProject? TryRead(string directory, string? shown = null)
    {
        using var folder = DirectoryHandle.TryOpen(directory);
        foreach (var name in folder is null ? [] : Names)
        {
            if (folder!.Status(name) is { IsDirectory: false } && folder.TryReadFile(name, Manifest.MaximumSize) is { } bytes)
            {
                var where = shown is null or "." or "" ? name : Path.Join(shown, name);
                return new BuildProject(directory, name, name.EndsWith(".json", StringComparison.Ordinal) ? Manifest.ParseJson(bytes, where) : Manifest.Parse(bytes, where));
            }
        }

        return null;
    }

    /// <summary>As <see cref="TryRead"/>.</summary>
    /// <exception cref="StageException">PM7311: there is none.</exception>
    public static BuildProject Read(string directory, string? shown = null) =>
        TryRead(directory, shown) ?? throw new StageException(
            "PM7311", $"there is no {Names[0]} in {PathText.Show(shown ?? directory)}", "go to the directory of the manifest, or name it: `pm build DIR`");
}
