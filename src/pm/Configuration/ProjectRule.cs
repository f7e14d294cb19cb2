namespace Pm.Cli.Configuration;

/// <summary>What the manifest of a project can make of a setting. Only what neither weakens trust nor moves what is written.</summary>
enum ProjectRule
{
    /// <summary>Nothing: what it says is not believed.</summary>
    Never,

    /// <summary>It can switch it on, because that takes rights from it and gives none.</summary>
    OnlyTrue,

    Any,
}
