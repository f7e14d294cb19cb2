using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// What a repository says of a package in its metadata. Many of them lie in one file, every client reads it whole, and takes
/// none above a length: so what one package adds to it has a limit.
/// </summary>
static class PublishedText
{
    /// <summary>Of what is said of one version, in bytes.</summary>
    const int Maximum = 64 * 1024;

    /// <summary>Of the commands that nobody wrote down but lie in the package, in bytes.</summary>
    const int MaximumOfCommands = 32 * 1024;

    /// <remarks>Who looks for a command looks in what packages provide: the index names no files.</remarks>
    public static AvailablePackage Of(Package package) => new(package.Id)
    {
        Description = package.Description?.Description ?? "",
        Title = package.Description?.Title,
        Namespace = package.Description?.Namespace,
        Dependencies = package.Description?.Dependencies ?? [],
        Requires = package.Description?.Requires ?? ImmutableSortedDictionary<PackageName, string>.Empty,
        Provides = [.. (package.Description?.Provides ?? []).Concat(CommandsOf(package)).Distinct()],
    };

    public static JsonElement Of(PublishedTarget target)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            target.WriteTo(json);
        }

        return StrictJson.Parse(stream.ToArray(), MetadataLimits.Any, "custom");
    }

    /// <exception cref="RepositoryException">PM5012: it is too long.</exception>
    public static JsonElement Within(PublishedTarget target, string name)
    {
        var said = Of(target);
        var length = Encoding.UTF8.GetByteCount(said.GetRawText());
        return length <= Maximum ? said : throw new RepositoryException(
            "PM5012", $"{name}: what the index would say of {target.Package.Id} has {length} bytes, expected at most {Maximum}",
            "shorten its description, dependencies or provides");
    }

    static IEnumerable<string> CommandsOf(Package package)
    {
        var length = 0;
        return PackageCommands.NamesOf(package).TakeWhile(name => (length += Encoding.UTF8.GetByteCount(name)) <= MaximumOfCommands);
    }
}
