namespace Pm.Storage;

/// <summary>One path that two owners want, found before anything changes.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Kind">Why it cannot be.</param>
/// <param name="Package">The package that wants the path.</param>
/// <param name="Other">The other package, where the other owner is one.</param>
/// <param name="Reason">What differs or what is there, for people.</param>
public sealed record Conflict(string Path, ConflictKind Kind, string Package, string? Other, string Reason)
{
    /// <summary>The exact command that helps, where there is one.</summary>
    public string? Hint => Kind switch
    {
        ConflictKind.TwoPackages => $"pm remove {Other?.Split('@')[0]}",
        ConflictKind.Foreign => "mv " + Path + " " + Path + ".old",
        _ => null,
    };

    public override string ToString() => $"`{Path}` of {Package}: {Reason}";
}
