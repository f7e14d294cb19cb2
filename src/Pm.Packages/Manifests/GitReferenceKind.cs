namespace Pm.Packages.Manifests;

/// <summary>What a name in a git repository is.</summary>
public enum GitReferenceKind
{
    /// <summary>What the repository itself has checked out (HEAD): no name.</summary>
    Default,

    /// <summary>Followed by updates only.</summary>
    Branch,

    Tag,

    /// <summary>All digits of its hash.</summary>
    Commit,

    /// <summary>A tag or else a branch of that name.</summary>
    Name,
}
