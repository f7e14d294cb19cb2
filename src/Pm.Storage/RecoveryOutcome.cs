namespace Pm.Storage;

/// <summary>How an interrupted change ended.</summary>
public enum RecoveryOutcome
{
    /// <summary>It had not been committed: everything is as it was before.</summary>
    Undone,

    /// <summary>It had been committed: what was left to clear away is cleared away.</summary>
    Finished,

    /// <summary>Everything had gone from an application root: what is not pm's was taken over from the tree before.</summary>
    TakenOver,
}
