using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary>Which of a manifest's dependencies are there when some of its features are switched on.</summary>
public static class FeatureChoice
{
    /// <summary>The feature that is on where nobody says otherwise.</summary>
    public const string Default = "default";

    /// <summary>The dependencies of every scope that count, in the order of the document.</summary>
    /// <param name="manifest">Whose.</param>
    /// <param name="features">What is asked for besides <see cref="Default"/>.</param>
    /// <exception cref="PackageFormatException">PM2114: it has no such feature.</exception>
    public static ImmutableArray<ManifestDependency> Dependencies(Manifest manifest, IEnumerable<string> features)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var on = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(features);
        foreach (var feature in open)
        {
            if (!IsKnown(manifest, feature))
            {
                var known = string.Join(", ", manifest.Features.Select(f => f.Name).Concat(manifest.Dependencies.Where(d => d.IsOptional).Select(d => d.Name.Text)));
                throw new PackageFormatException(
                    "PM2114", $"{manifest.Package?.Name.Text ?? "the project"} has no feature {Shown.Quote(feature)}{(known.Length == 0 ? "" : $"; it has {known}")}", manifest.Document.File);
            }
        }

        open.Enqueue(Default);
        while (open.TryDequeue(out var feature))
        {
            if (on.Add(feature) && manifest.Features.FirstOrDefault(f => f.Name == feature) is { } known)
            {
                foreach (var brought in known.Brings)
                {
                    open.Enqueue(brought);
                }
            }
        }

        return [.. manifest.Dependencies.Where(d => !d.IsOptional || on.Contains(d.Name.Text))];
    }

    static bool IsKnown(Manifest manifest, string feature) =>
        manifest.Features.Any(f => f.Name == feature) || manifest.Dependencies.Any(d => d.IsOptional && d.Name.Text == feature);
}
