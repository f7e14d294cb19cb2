namespace Pm.Repositories;

/// <summary>One thing that is wrong in a repository.</summary>
/// <param name="Kind">What sort of fault.</param>
/// <param name="Path">Relative to the repository's directory.</param>
/// <param name="Message">Expected and actual; lower case, no full stop.</param>
public sealed record RepositoryFinding(FindingKind Kind, string Path, string Message)
{
    /// <summary>Whether clients are affected or a secret is: unused, stray and outdated files hurt nobody.</summary>
    public bool IsFault => Kind is FindingKind.Metadata or FindingKind.Missing or FindingKind.Damaged or FindingKind.Exposed;
}
