namespace Pm.Cli.Personalities;

/// <summary>How a link was made.</summary>
enum LinkKind
{
    Hard,

    /// <summary>On another file system, or where hard links are not allowed.</summary>
    Symbolic,
}
