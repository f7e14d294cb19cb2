using System.Collections.Immutable;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary>Names of packages that must be installed.</summary>
static class InstalledNames
{
    /// <exception cref="CommandException">PM1105: not a name; PM1108: a version stands with it.</exception>
    public static ImmutableArray<PackageName> Parse(IEnumerable<string> texts) => [.. texts.Select(One).Distinct()];

    /// <summary>Says that a package is not installed before a root is made only to say it.</summary>
    /// <exception cref="NotInstalledException">The root, or one of them, is not there.</exception>
    public static void RequireRoot(PmContext context, ImmutableArray<PackageName> names)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        foreach (var name in names)
        {
            if (root?.Current?.Find(name) is null)
            {
                throw new NotInstalledException(name.Text, context.Settings.Root);
            }
        }
    }

    static PackageName One(string text)
    {
        if (PackageName.TryParse(text, out var name))
        {
            return name;
        }

        throw Dependency.TryParse(text, out var dependency)
            ? CommandException.Usage("PM1108", $"`{Hostile.OneLine(text)}`: a root holds one version of a name", $"name it without the version: `{dependency.Name}`")
            : CommandException.Usage("PM1105", $"`{Hostile.OneLine(text)}` is no package name", "`pm list` shows what is installed");
    }
}
