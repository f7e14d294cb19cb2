using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage.Collecting;

/// <summary>Marks what is needed and lists the rest.</summary>
sealed class Collector
{
    readonly Store _store;
    readonly RootSurvey _survey;

    /// <param name="held">The roots, where it is carried out.</param>
    public Collector(Store store, KeepRules rules, HeldRoots? held = null)
    {
        _store = store;
        _survey = new RootSurvey(store, rules, held);
    }

    public CollectionPlan Plan()
    {
        var needed = Mark();
        var sizes = Sizes(needed, out var unneeded);
        return new CollectionPlan
        {
            Generations = [.. _survey.Collected.OrderBy(g => g.RootPath, StringComparer.Ordinal).ThenBy(g => g.Number)],
            Roots = [.. _survey.Roots.Select(r => r with { FreedBytes = FreedBy(r.Path, sizes) })],
            Packages = [.. _store.Packages().Where(p => !_survey.Needed.Has(p)).Order()],
            Trees = [.. Trees()],
            Blobs = [.. unneeded],
            FreedBytes = sizes.Values.Sum(),
            KeptBlobs = needed.Count,
        };
    }

    public ImmutableArray<string> Why(MerkleRoot hash)
    {
        if (_survey.Needed.Has(hash))
        {
            return [.. _survey.Needed.Of(hash)];
        }
        var reasons = ImmutableArray.CreateBuilder<string>();
        foreach (var package in _survey.Needed.Packages)
        {
            var opened = Open(package);
            foreach (var entry in opened.Entries.Where(e => e.Kind is EntryKind.File && e.Root == hash))
            {
                reasons.AddRange(_survey.Needed.Of(package).Select(r => $"{entry.Path} of {opened.Id}, {r}"));
            }
        }
        return reasons.ToImmutable();
    }

    HashSet<MerkleRoot> Mark()
    {
        var needed = new HashSet<MerkleRoot>();
        foreach (var package in _survey.Needed.Packages)
        {
            foreach (var entry in Open(package).Entries)
            {
                if (entry.Kind is EntryKind.File)
                {
                    needed.Add(entry.Root);
                }
            }
        }
        return needed;
    }

    Package Open(MerkleRoot hash)
    {
        try
        {
            return _store.Require(hash);
        }
        catch (Exception e) when (e is StoreException or PackageFormatException or BlobMismatchException)
        {
            throw new StoreException(
                "PM4040", $"{_survey.Needed.Of(hash)[0]} needs package {hash}, which cannot be read: {e.Message}",
                "pm verify --repair", e);
        }
    }

    Dictionary<MerkleRoot, long> Sizes(HashSet<MerkleRoot> needed, out List<BlobName> unneeded)
    {
        unneeded = [];
        var sizes = new Dictionary<MerkleRoot, long>();
        using var blobs = _store.Top.OpenBeneath(Store.BlobsDirectory);
        foreach (var shelf in blobs.Entries().Where(e => e.Kind is FileKind.Directory).Select(e => e.Name).Order(StringComparer.Ordinal))
        {
            using var directory = blobs.OpenBeneath(shelf);
            foreach (var entry in directory.Entries())
            {
                if (BlobName.TryParse(entry.Name) is { } blob && !needed.Contains(blob.Root))
                {
                    unneeded.Add(blob);
                    sizes[blob.Root] = sizes.GetValueOrDefault(blob.Root) + (directory.Status(entry.Name)?.AllocatedSize ?? 0);
                }
            }
        }
        return sizes;
    }

    /// <summary>What only the collected generations of this root had needed.</summary>
    long FreedBy(string rootPath, Dictionary<MerkleRoot, long> sizes)
    {
        var seen = new HashSet<MerkleRoot>();
        long freed = 0;
        foreach (var package in _survey.Released.GetValueOrDefault(rootPath) ?? [])
        {
            // Its record may be gone from an earlier collection that was stopped.
            foreach (var entry in _store.Find(package)?.Entries ?? [])
            {
                freed += seen.Add(entry.Root) ? sizes.GetValueOrDefault(entry.Root) : 0;
            }
        }
        return freed;
    }

    List<MerkleRoot> Trees()
    {
        using var trees = _store.Top.TryOpenBeneath(Store.TreesDirectory);
        return trees is null ? [] : [.. trees.Entries()
            .Where(e => e.Kind is FileKind.Directory)
            .Select(e => MerkleRoot.TryParse(e.Name, null, out var hash) ? hash : (MerkleRoot?)null)
            .OfType<MerkleRoot>()
            .Where(h => !_survey.Needed.Has(h) && !PackageTrees.IsInUse(_store, h))
            .Order()];
    }
}
