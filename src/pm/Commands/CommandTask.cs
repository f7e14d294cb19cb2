namespace Pm.Cli.Commands;

/// <summary>What a person wants to do: the headings of the short usage, in its order.</summary>
enum CommandTask
{
    Install,
    Projects,
    Look,
    Undo,
    Remotes,
    Packages,
    Keys,
    Repositories,
    House,

    /// <summary>Not shown: words that scripts use.</summary>
    Hidden,
}
