using System.Collections.Immutable;

namespace Pm.Repositories;

/// <summary>What checking a whole repository found.</summary>
/// <param name="Packages">How many are published.</param>
/// <param name="Blobs">How many blobs were hashed.</param>
/// <param name="SizeInBytes">Bytes hashed.</param>
/// <param name="Findings">By path; empty where all is well.</param>
public sealed record VerificationResult(int Packages, int Blobs, long SizeInBytes, ImmutableArray<RepositoryFinding> Findings)
{
    public bool IsGood => !Findings.Any(finding => finding.IsFault);
}
