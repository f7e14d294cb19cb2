using Pm.Blobs;

namespace Pm.Storage.Collecting;

/// <summary>Which packages are needed, and by what.</summary>
sealed class Reasons
{
    readonly Dictionary<MerkleRoot, List<string>> _reasons = [];

    public IReadOnlyCollection<MerkleRoot> Packages => _reasons.Keys;

    public bool Has(MerkleRoot package) => _reasons.ContainsKey(package);

    public IReadOnlyList<string> Of(MerkleRoot package) => _reasons.GetValueOrDefault(package) ?? [];

    public void Add(MerkleRoot package, string reason)
    {
        if (!_reasons.TryGetValue(package, out var reasons))
        {
            _reasons.Add(package, reasons = []);
        }
        reasons.Add(reason);
    }
}
