namespace Pm.Cli.Personalities;

/// <summary>What lies where a personality's link belongs.</summary>
enum LinkState
{
    Missing,

    /// <summary>The link itself: the same file as pm, or a symbolic link to it.</summary>
    Made,

    /// <summary>Something else.</summary>
    Foreign,
}
