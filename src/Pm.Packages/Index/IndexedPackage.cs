namespace Pm.Packages.Index;

/// <summary>All that the index of a remote knows of one version of a package.</summary>
/// <param name="Target">What the repository says of it.</param>
public sealed record IndexedPackage(PublishedTarget Target)
{
    /// <summary>Its target file as it was signed; null where nothing signed tells, as in a repository without TUF.</summary>
    public FileIdentity? File { get; init; }

    /// <summary>Which of <see cref="IndexHead.Sources"/> told.</summary>
    public int Source { get; init; }

    public AvailablePackage Package => Target.Package;
}
