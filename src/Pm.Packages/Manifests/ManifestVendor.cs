namespace Pm.Packages.Manifests;

/// <summary>Where a project keeps what it locked: <c>[vendor] directory</c>.</summary>
public static class ManifestVendor
{
    /// <summary>Why a directory cannot be it; null: it can.</summary>
    public static string? Fault(string directory) => PackagePath.Fault(directory) is { } fault ? $"it is no directory below the project: {fault}"
        : directory.Split('/')[0] is ".pm" or ".git" ? "nothing of version control goes there" : null;
}
