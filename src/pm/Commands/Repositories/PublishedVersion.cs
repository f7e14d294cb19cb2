using System.CommandLine;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Repositories;

namespace Pm.Cli.Commands.Repositories;

/// <summary>Versions as a repository's commands name them: always exactly.</summary>
static class PublishedVersion
{
    public static Argument<string[]> Argument() => new("PACKAGE")
    {
        Description = "a published version: `NAME@VERSION`",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <exception cref="CommandException">PM1140: the version is missing, or it is no name.</exception>
    public static PackageId Parse(string text) => Dependency.TryParse(text, out var wanted) && wanted.Exact is { } version
        ? new PackageId(wanted.Name, version)
        : throw CommandException.Usage(
            "PM1140", $"`{Hostile.OneLine(text)}`: expected NAME@VERSION", "`pm repo list` shows what is published");

    /// <exception cref="RepositoryException">PM5005: one is not there.</exception>
    public static void RequireThere(DirectoryRepository repository, IEnumerable<PackageId> packages)
    {
        var there = repository.List().Select(t => t.Package.Id).ToHashSet();
        foreach (var package in packages.Where(p => !there.Contains(p)))
        {
            throw new RepositoryException("PM5005", $"{repository.Path}: {package} is not published here", $"pm repo list {repository.Path}");
        }
    }
}
