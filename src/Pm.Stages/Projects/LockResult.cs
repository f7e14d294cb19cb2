using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Resolution;

namespace Pm.Stages.Projects;

/// <summary>What choosing ended in.</summary>
public abstract record LockResult
{
    LockResult()
    {
    }

    /// <summary>Everything has a version.</summary>
    /// <param name="File">What is to be written.</param>
    /// <param name="Sources">What is built from source here, checked out.</param>
    public sealed record Chosen(Lockfile File, IReadOnlyDictionary<PackageName, SourcePackage> Sources) : LockResult;

    /// <summary>No set of versions fulfils all demands.</summary>
    public sealed record Impossible(ResolutionResult.Conflict Conflict) : LockResult;
}
