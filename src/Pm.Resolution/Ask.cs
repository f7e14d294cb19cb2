namespace Pm.Resolution;

/// <summary>Why a package is wanted by somebody and not merely needed by another package.</summary>
public enum AskReason
{
    /// <summary>Named on this command line.</summary>
    Named,

    /// <summary>Asked for earlier; its generation says so.</summary>
    Installed,

    /// <summary>Held at its version by <c>pm pin</c>.</summary>
    Pinned,

    /// <summary>A dependency of the project.</summary>
    Manifest,
}

/// <summary>A package that somebody wants.</summary>
public sealed record Ask(Need Wanted, AskReason Reason)
{
    /// <summary>As a sentence: <c>you asked for lib ^1</c>.</summary>
    public override string ToString() => Reason switch
    {
        AskReason.Pinned => $"{Wanted} is pinned",
        AskReason.Installed => $"{Wanted} is installed because it was asked for",
        AskReason.Manifest => $"the project needs {Wanted}",
        _ => $"you asked for {Wanted}",
    };
}
