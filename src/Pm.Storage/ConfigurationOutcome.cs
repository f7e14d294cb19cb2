namespace Pm.Storage;

/// <summary>What happens to a configuration file.</summary>
public enum ConfigurationOutcome
{
    /// <summary>Nobody edited it: the new version takes its place.</summary>
    Replaced,

    /// <summary>Edited, and the new version is the one that was edited: it stays.</summary>
    Kept,

    /// <summary>Edited, and there is a new version: it stays, the new one is put beside as <c>.pm-new</c>.</summary>
    KeptNewBeside,

    /// <summary>Edited, and its package goes: it stays where it is and belongs to nobody.</summary>
    KeptAtRemoval,
}
