namespace Pm.Torture.Gear;

/// <summary>The parts of a place. A scenario says which it changes; the others have to stay as they are, byte for byte.</summary>
[Flags]
enum Area
{
    None = 0,

    /// <summary>What is installed in the prefix root.</summary>
    Root = 1,

    /// <summary>Remotes, keyring and tokens of the prefix root.</summary>
    Settings = 2,

    /// <summary>The application root.</summary>
    Application = 4,

    /// <summary>The root in which a change was interrupted.</summary>
    Broken = 8,

    /// <summary>The store: it may hold more than is seen.</summary>
    Store = 16,

    /// <summary>The repository that the remote points at.</summary>
    Repository = 32,

    /// <summary>The working directory, in which files and new repositories are made.</summary>
    Work = 64,
}
