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

    public Dictionary<string, List<SecretKey>> Keys { get; } = [];

    public Dictionary<string, int> Thresholds { get; } = [];

    /// <summary>Keys that sign a root besides its own: those of the root before.</summary>
    public List<SecretKey> OldRootKeys { get; } = [];

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
            new TargetsMetadata { Version = TargetsVersion, Expires = Expires, Targets = Targets, Delegations = Delegations() }, Keys["targets"]);
        Files[$"{TargetsVersion}.targets.json"] = Files["targets.json"];
    }

    /// <summary>A new version of the metadata of a delegated role; the snapshot names it when it is published next.</summary>
    public void SignDelegated(SimulatedRole role)
    {
        role.Version++;
        Files[$"{role.Version}.{role.Name}.json"] = RoleSigner.Sign(
            new TargetsMetadata { Version = role.Version, Expires = role.Expires ?? Expires, Targets = role.Targets }, role.Keys);
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
                    .Concat(Delegated.Where(role => role.Version > 0).Select(role => KeyValuePair.Create(
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

    Delegations? Delegations() => Delegated.Count == 0 ? null : new Delegations(
        Delegated.SelectMany(role => role.Delegates).DistinctBy(key => key.Public.Id).ToDictionary(key => key.Public.Id, key => key.Public),
        [.. Delegated.Select(role => new DelegatedRole(
            role.Name, new RoleKeys(role.Delegates.Select(key => key.Public.Id), role.Threshold),
            role.Paths is { } paths ? [.. paths] : null, role.Prefixes is { } prefixes ? [.. prefixes] : null, role.IsTerminating))]);

    MetaFile Entry(long version, byte[] bytes) => ListsHashes ? MetaFile.Of(version, bytes) : new MetaFile(version, null, null);
}
