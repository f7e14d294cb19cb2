namespace Pm.Cli.Checks;

/// <summary>What a check found.</summary>
/// <param name="State">How bad it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Hint">What to do, with the exact command; null when all is well.</param>
sealed record Finding(CheckState State, string Detail, string? Hint = null)
{
    public static Finding Good(string detail) => new(CheckState.Good, detail);
}
