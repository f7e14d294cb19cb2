using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Pm.Packages.Versions;

namespace Pm.Cli.Commands.Projects;

/// <summary>What <c>pm add</c> was told of one dependency.</summary>
/// <param name="Name">Null: the source says it.</param>
/// <param name="Requirement">As typed; null: what fits the version that is found.</param>
/// <param name="Source">Null: the remotes.</param>
sealed record WantedDependency(PackageName? Name, string? Requirement, PackageSource? Source)
{
    /// <summary>Reads <c>NAME</c>, <c>NAME@REQUIREMENT</c> or a source.</summary>
    /// <exception cref="CommandException">PM1185: it is none of these.</exception>
    public static WantedDependency Parse(string text)
    {
        if (PackageName.TryParse(text, out var bare))
        {
            return new WantedDependency(bare, null, null);
        }

        if (text.IndexOf('@') is var at and > 0 && PackageName.TryParse(text[..at], out var name))
        {
            var requirement = text[(at + 1)..];
            return VersionRequirement.TryParse(requirement, out _, out var fault)
                ? new WantedDependency(name, requirement, null)
                : throw CommandException.Usage("PM1185", $"`{text}`: {fault.Message}", $"a version or a range, as `{name}@^1.2`");
        }

        return PackageSource.TryParse(text, out var source, out var why)
            ? new WantedDependency(null, null, source)
            : throw CommandException.Usage("PM1185", why, "`pm add NAME`, `pm add NAME@^1.2`, or a source such as git+https://example.org/lib.git#v1");
    }

    /// <summary>What stands in the manifest.</summary>
    /// <param name="requirement">That is written; null for a source that needs none.</param>
    /// <param name="isOptional">Whether it is there only when a feature asks for it.</param>
    /// <param name="features">Of it, switched on.</param>
    public TomlExpression Value(string? requirement, bool isOptional, string[] features)
    {
        if (Source is null && !isOptional && features.Length == 0)
        {
            return TomlExpression.Of(requirement ?? "*");
        }

        var keys = new List<KeyValuePair<string, TomlExpression>>();
        if (requirement is not null)
        {
            keys.Add(new("version", TomlExpression.Of(requirement)));
        }

        keys.AddRange((Source is null ? [] : SourceKeys.Of(Source)).Select(k => KeyValuePair.Create(k.Key, TomlExpression.Of(k.Value))));
        if (isOptional)
        {
            keys.Add(new("optional", TomlExpression.Of(true)));
        }

        if (features.Length > 0)
        {
            keys.Add(new("features", TomlExpression.Array(features.Select(TomlExpression.Of))));
        }

        return TomlExpression.Table(keys);
    }
}
