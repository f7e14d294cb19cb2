namespace Pm.Packages.Manifests;

/// <summary>Who sees a dependency.</summary>
public enum DependencyScope
{
    /// <summary>One version for the whole graph.</summary>
    Public,

    /// <summary>Resolved for its dependent alone; others may have another version.</summary>
    Private,

    /// <summary>Present while the package is built.</summary>
    Build,
}
