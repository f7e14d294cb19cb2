using System.Collections.Immutable;

namespace Pm.Storage;

/// <summary>What verification looked at and found.</summary>
/// <param name="Findings">Sorted by path.</param>
/// <param name="Files">How many files and links were compared.</param>
/// <param name="HashedBytes">How much was read; a blob that many paths share is read once by each thread.</param>
public sealed record VerificationReport(ImmutableArray<VerificationFinding> Findings, int Files, long HashedBytes)
{
    /// <summary>Whether nothing is damaged, or all of it was mended.</summary>
    public bool IsClean => Findings.All(f => !f.IsDamage || f.IsRepaired);
}
