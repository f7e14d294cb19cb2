using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>What was done, or for a dry run what would be.</summary>
/// <param name="Plan">Path by path; a dry run of a root that does not exist has none.</param>
/// <param name="Generation">The generation it made; null for a dry run.</param>
/// <param name="CopiedBytes">Content that was written to the store.</param>
/// <param name="SharedBytes">Content of new packages that was there already.</param>
public sealed record ChangeReport(ChangePlan? Plan, Generation? Generation, long CopiedBytes, long SharedBytes);
