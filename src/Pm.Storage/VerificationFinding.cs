namespace Pm.Storage;

/// <summary>One thing that is not as pm left it.</summary>
/// <param name="Path">Relative to the root's content; for the store's own files relative to the store.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Package">Whose it is.</param>
/// <param name="Expected">What pm put there, for people.</param>
/// <param name="Actual">What is there.</param>
public sealed record VerificationFinding(
    string Path, VerificationKind Kind, string Package, string Expected, string Actual)
{
    /// <summary>Whether it counts against the root; an edited configuration file does not.</summary>
    public bool IsDamage => Kind is not VerificationKind.Edited;

    /// <summary>Whether it was mended.</summary>
    public bool IsRepaired { get; init; }

    public override string ToString() => $"{Path} ({Package}): expected {Expected}, got {Actual}";
}
