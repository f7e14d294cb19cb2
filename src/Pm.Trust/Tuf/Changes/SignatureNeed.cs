using System.Collections.Immutable;

namespace Pm.Trust.Tuf.Changes;

/// <summary>Whose signatures a document of a change needs, and whose are there.</summary>
/// <param name="Role">root or targets: which document.</param>
/// <param name="RootVersion">Of the root that names the keys: the present one, or the one that is to come.</param>
/// <param name="Keys">Any <see cref="RoleKeys.Threshold"/> of them.</param>
/// <param name="By">The ids of those that have signed.</param>
/// <param name="Count">How many distinct keys those are.</param>
public sealed record SignatureNeed(string Role, long RootVersion, RoleKeys Keys, ImmutableArray<string> By, int Count)
{
    public bool IsMet => Count >= Keys.Threshold;

    /// <summary>Who could still sign.</summary>
    public IEnumerable<string> Missing => Keys.KeyIds.Except(By);
}
