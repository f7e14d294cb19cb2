namespace Pm.Daemon.Direct;

/// <summary>What a connection has received.</summary>
enum DirectRequestKind
{
    /// <summary>Not a whole head yet.</summary>
    Incomplete,

    /// <summary>The head of a request that may be for a file.</summary>
    File,

    /// <summary>Anything else: for the web server.</summary>
    Other,

    /// <summary>A head that says nothing, or two things.</summary>
    Refused,

    /// <summary>A head that was begun and did not end in time.</summary>
    TooSlow,

    /// <summary>Nothing, and no more comes.</summary>
    None,
}
