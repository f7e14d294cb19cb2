using System.Text;
using Pm.Linux;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Pm.Stages.Building.Ebpf;
using Pm.Stages.Sources;

namespace Pm.Stages.Projects;

/// <summary>What pm takes in place of the manifest that a source does not have.</summary>
static class BareManifest
{
    /// <summary>A program becomes <c>bin/NAME</c>, an eBPF object or a package of eunomia's a command that runs it; all else is data, below <c>share/NAME</c>. Without a version that is asked for, the content is its version.</summary>
    public static Manifest Of(ManifestDependency dependency, CheckedOutSource checkout)
    {
        var name = dependency.Name;
        if (SingleFile(checkout.Directory) is { } file && ReadyObject.TryRead(checkout.Directory, file) is not null)
        {
            return Parsed(dependency, checkout, $"[[module]]\nname = {TomlExpression.Of(name.Name)}\nsource = {TomlExpression.Of(file)}");
        }

        var command = IsProgram(checkout.Directory)
            ? $"mkdir -p \"$OUT/bin\" && cp ./* \"$OUT/bin/{name.Name}\" && chmod 0755 \"$OUT/bin/{name.Name}\""
            : $"mkdir -p \"$OUT/share/{name.Name}\" && cp -R . \"$OUT/share/{name.Name}/\"";
        return Parsed(dependency, checkout, $"[build]\ncommand = '{command}'");
    }

    static Manifest Parsed(ManifestDependency dependency, CheckedOutSource checkout, string made)
    {
        var name = dependency.Name;
        var tree = string.Concat(checkout.Tree.Reverse().TakeWhile(char.IsAsciiHexDigit).Take(12).Reverse());
        var text = $"""
            [package]
            name = "{name}"
            version = "{dependency.Requirement.Exact?.Text ?? $"0.0.0+{tree}"}"
            {made}
            """;
        return Manifest.Parse(Encoding.UTF8.GetBytes(text), $"{name}");
    }

    /// <summary>One file that may be started, and nothing else.</summary>
    static bool IsProgram(string directory)
    {
        using var handle = DirectoryHandle.Open(directory);
        return SingleFile(directory) is { } only && handle.Status(only) is { } status && (status.Mode & 0b001_000_000) != 0;
    }

    /// <summary>Its name; null: there is something else.</summary>
    static string? SingleFile(string directory)
    {
        using var handle = DirectoryHandle.Open(directory);
        return handle.Entries().Take(2).ToList() is [{ Kind: FileKind.Regular } only] ? only.Name : null;
    }
}
