namespace Pm.Storage.Planning;

/// <summary>What is put after the name of a file that stays beside another.</summary>
static class PlanSuffix
{
    /// <summary>The new version of a configuration file that somebody edited.</summary>
    public const string New = ".pm-new";

    /// <summary>A file that somebody changed and that a package replaced or removed.</summary>
    public const string Save = ".pm-save";
}
