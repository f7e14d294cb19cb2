namespace Pm.Trust.Tuf;

/// <summary>Upper bounds for what a repository may make a client read and hold.</summary>
public static class MetadataLimits
{
    /// <summary>Bytes of a root.json: nothing signed tells its length (TUF 5.3.3, "W").</summary>
    public const int Root = 512 * 1024;

    /// <summary>Bytes of a timestamp.json: nothing signed tells its length (TUF 5.4.1, "X").</summary>
    public const int Timestamp = 16 * 1024;

    /// <summary>Bytes of a snapshot.json whose length the timestamp leaves out (TUF 5.5.1, "Y").</summary>
    public const int Snapshot = 2 * 1024 * 1024;

    /// <summary>Bytes of a targets.json whose length the snapshot leaves out (TUF 5.6.1, "Z").</summary>
    public const int Targets = 8 * 1024 * 1024;

    /// <summary>Bytes of any metadata, whatever length is signed: it is held in memory as a whole.</summary>
    public const int Any = 256 * 1024 * 1024;

    /// <summary>Bytes of the metadata of a delegated role, whatever length is signed: several are in memory at once.</summary>
    public const int Delegated = 8 * 1024 * 1024;

    /// <summary>Roles that a role may delegate to by name, and that all of a repository may have where all are read.</summary>
    public const int DelegatedRoles = 16 * 1024;

    /// <summary>Delegated roles that are asked in the search for one target (TUF 5.6.7.1).</summary>
    public const int SearchedRoles = 32;

    /// <summary>Characters of the name of a delegated role, which becomes part of a URL.</summary>
    public const int RoleName = 1024;

    /// <summary>New root versions taken in one run (TUF 5.3.3: the chain must not be endless).</summary>
    public const int RootRotations = 1024;

    /// <summary>Nesting of arrays and objects.</summary>
    public const int Depth = 32;
}
