namespace Pm.Remotes;

/// <summary>How a remote is reached.</summary>
public enum RemoteKind
{
    /// <summary>A repository in a directory of this machine.</summary>
    File,

    /// <summary>A web server: <c>http</c> or <c>https</c>.</summary>
    Http,

    /// <summary>A registry of OCI artifacts.</summary>
    Oci,

    /// <summary>A git repository: <c>git+https</c>, <c>git+ssh</c>, <c>git+file</c>.</summary>
    Git,
}
