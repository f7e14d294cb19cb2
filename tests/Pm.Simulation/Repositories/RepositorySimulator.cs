using System.Text.Json;
using Pm.Trust.Tuf;

namespace Pm.Simulation.Repositories;

/// <summary>A repository in memory. A test changes what it says and publishes; a client sees only <see cref="Files"/>.</summary>
public sealed partial class RepositorySimulator
{
    public RepositorySimulator(DateTimeOffset now)
    {
        Expires = now.AddDays(30);
        foreach (var role in RootMetadata.TopLevelRoles)
        {
            Keys[role] = [NewKey()];
            Thresholds[role] = 1;
        }

        PublishRoot();
        Publish();
    }

    /// <summary>Path → bytes, as any static server would have them.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public Dictionary<string, List<ISigner>> Keys { get; } = [];

    public Dictionary<string, int> Thresholds { get; } = [];

    /// <summary>Keys that sign a root besides its own: those of the root before.</summary>
    public List<ISigner> OldRootKeys { get; } = [];

    public Dictionary<string, TargetFile> Targets { get; } = [];

    public DateTimeOffset Expires { get; set; }

    public long RootVersion { get; set; }

    public long TimestampVersion { get; set; }

    public long SnapshotVersion { get; set; }

    public long TargetsVersion { get; set; }

    public bool ListsHashes { get; set; } = true;

    /// <summary>Further files the snapshot names.</summary>
    public Dictionary<string, MetaFile> OtherMeta { get; } = [];

    /// <summary>Roles that targets.json delegates to, in their order.</summary>
    public List<SimulatedRole> Delegated { get; } = [];

    /// <summary>Bins that targets.json delegates to in a few words, in place of them.</summary>
    public SuccinctRoles? Succinct { get; set; }

    /// <summary>Keys of <see cref="Succinct"/>.</summary>
    public List<ISigner> BinKeys { get; } = [];

    /// <summary>Roles that the snapshot names besides those that are delegated to by name: bins.</summary>
    public List<SimulatedRole> Others { get; } = [];

    /// <summary>Whether the names of files have versions and hashes in them.</summary>
    public bool IsConsistentSnapshot { get; set; } = true;

    int _keys;

    /// <summary>Keys from a counter: the same test makes the same bytes.</summary>
    public SecretKey NewKey()
    {
        var seed = new byte[32];
        BitConverter.TryWriteBytes(seed, ++_keys);
        return new SecretKey(seed);
    }

    public byte[] PublishRoot()
    {
        RootVersion++;
        var bytes = SignRoot();
        Files[$"{RootVersion}.root.json"] = bytes;
        Files["root.json"] = bytes;
        OldRootKeys.Clear();
        OldRootKeys.AddRange(Keys["root"]);
        return bytes;
    }

    /// <summary>A root with its own expiry; what is published later keeps the expiry it had.</summary>
    public void PublishRootUntil(DateTimeOffset expires)
    {
        var kept = Expires;
        Expires = expires;
        PublishRoot();
        Expires = kept;
    }

    public byte[] SignRoot() => RoleSigner.Sign(
        new RootMetadata
        {
            Version = RootVersion,
            Expires = Expires,
            IsConsistentSnapshot = IsConsistentSnapshot,
            Keys = Keys.Values.SelectMany(keys => keys).DistinctBy(key => key.Public.Id)
                .ToDictionary(key => key.Public.Id, key => key.Public),
            Roles = Keys.ToDictionary(
                role => role.Key, role => new RoleKeys(role.Value.Select(key => key.Public.Id), Thresholds[role.Key])),
        },
        Keys["root"].Concat(OldRootKeys).DistinctBy(key => key.Public.Id));

    /// <summary>New versions of targets, snapshot and timestamp.</summary>
    public void Publish()
    {
        PublishTargets();
        PublishSnapshot();
        PublishTimestamp();
    }

    public void PublishTargets()
    {
        TargetsVersion++;
        Files["targets.json"] = RoleSigner.Sign(
            new TargetsMetadata { Version = TargetsVersion, Expires = Expires, Targets = Targets, Delegations = SimulatedRole.ToDelegations(Delegated, Succinct, BinKeys) }, Keys["targets"]);
        Files[$"{TargetsVersion}.targets.json"] = Files["targets.json"];
    }

    /// <summary>A new version of the metadata of a delegated role; the snapshot names it when it is published next.</summary>
    public void SignDelegated(SimulatedRole role)
    {
        role.Version++;
        var said = new TargetsMetadata
        {
            Version = role.Version,
            Expires = role.Expires ?? Expires,
            Targets = role.Targets,
            Delegations = SimulatedRole.ToDelegations(role.Delegated, role.Succinct, role.BinKeys),
        };
        Files[$"{role.Version}.{role.Name}.json"] = Files[$"{role.Name}.json"] = RoleSigner.Sign(said, role.Keys);
    }

    /// <summary>New versions of delegated roles, and of all above but targets.json.</summary>
    public void PublishDelegated(params IEnumerable<SimulatedRole> roles)
    {
        foreach (var role in roles)
        {
            SignDelegated(role);
        }

        PublishSnapshot();
        PublishTimestamp();
    }

    public void PublishSnapshot()
    {
        SnapshotVersion++;
        Files["snapshot.json"] = RoleSigner.Sign(
            new SnapshotMetadata
            {
                Version = SnapshotVersion,
                Expires = Expires,
                Meta = OtherMeta
                    .Concat(AllDelegated().Where(role => role.Version > 0).Select(role => KeyValuePair.Create(
                        $"{role.Name}.json", new MetaFile(role.Version, Files[$"{role.Version}.{role.Name}.json"].Length, null))))
                    .Append(new("targets.json", Entry(TargetsVersion, Files["targets.json"])))
                    .ToDictionary(entry => entry.Key, entry => entry.Value),
            },
            Keys["snapshot"]);
        Files[$"{SnapshotVersion}.snapshot.json"] = Files["snapshot.json"];
    }

    public void PublishTimestamp()
    {
        TimestampVersion++;
        Files["timestamp.json"] = RoleSigner.Sign(
            new TimestampMetadata
            {
                Version = TimestampVersion,
                Expires = Expires,
                Snapshot = Entry(SnapshotVersion, Files["snapshot.json"]),
            },
            Keys["timestamp"]);
    }

    public void AddTarget(string path, byte[] content, string? custom = null) => Targets[path] = new TargetFile(
        content.Length, FileHashes.Of(content), custom is null ? null : JsonElement.Parse(custom));

    /// <summary>Every delegated role once, also those that roles delegate to.</summary>
    HashSet<SimulatedRole> AllDelegated()
    {
        var (seen, waiting) = (new HashSet<SimulatedRole>(), new Queue<SimulatedRole>(Delegated.Concat(Others)));
        while (waiting.TryDequeue(out var role))
        {
            if (seen.Add(role))
            {
                role.Delegated.ForEach(waiting.Enqueue);
            }
        }

        return seen;
    }

    MetaFile Entry(long version, byte[] bytes) => ListsHashes ? MetaFile.Of(version, bytes) : new MetaFile(version, null, null);
}
