namespace Pm.Daemon.Pages.Search;

/// <summary>What somebody looks for, as typed.</summary>
public static class SearchWords
{
    /// <summary>In characters; what is longer is cut.</summary>
    public const int MaximumLength = 200;
}
