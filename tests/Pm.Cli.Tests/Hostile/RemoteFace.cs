namespace Pm.Cli.Tests.Hostile;

/// <summary>The kinds of remote that pm has, as an attacker meets them.</summary>
enum RemoteFace
{
    Http,
    Https,
    Directory,

    /// <summary>The original's: a list that nobody signed, over HTTP.</summary>
    Plain,

    /// <summary>A git repository over HTTP, that a project depends on.</summary>
    Git,

    /// <summary>A registry of containers, which has packages and eBPF objects.</summary>
    Oci,
}
