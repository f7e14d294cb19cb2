namespace Pm.Repositories;

/// <summary>What is wrong with a file of a repository.</summary>
public enum FindingKind
{
    /// <summary>A client would refuse the metadata, or could not read it.</summary>
    Metadata,

    /// <summary>A file that signed metadata names is not there, or a secret key that must sign at every change.</summary>
    Missing,

    /// <summary>A file is not the one that signed metadata names, or no copy of the metadata that it is to be.</summary>
    Damaged,

    /// <summary>A secret key can be read by others, or lies where files are served.</summary>
    Exposed,

    /// <summary>A copy for other tools is behind; the next change of the repository mends it.</summary>
    Outdated,

    /// <summary>Nothing published needs the file.</summary>
    Unused,

    /// <summary>A file that is not the repository's at all.</summary>
    Stray,
}
