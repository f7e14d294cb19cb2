namespace Pm.Trust.Tuf;

/// <summary>
/// The metadata of one repository that is believed, and the rules by which new metadata gets in. Pure: bytes and one
/// reference time go in, decisions come out; fetching and keeping is the caller's. A refusal throws and changes nothing.
/// Order of the calls: roots, <see cref="RequireCurrentRoot"/>, timestamp, snapshot, targets. Source: TUF 5.2–5.6.
/// </summary>
public sealed partial class TrustedMetadataSet
{
    /// <summary>What messages begin with.</summary>
    readonly string _prefix;
    readonly DateTimeOffset _now;
    readonly RootMetadata _firstRoot;
    bool _isRootFinal;

    TrustedMetadataSet(Verified<RootMetadata> root, DateTimeOffset now, string prefix)
    {
        Root = root;
        _firstRoot = root.Content;
        _now = now;
        _prefix = prefix;
    }

    public Verified<RootMetadata> Root { get; private set; }

    public Verified<TimestampMetadata>? Timestamp { get; private set; }

    public Verified<SnapshotMetadata>? Snapshot { get; private set; }

    public Verified<TargetsMetadata>? Targets { get; private set; }

    /// <summary>Begins with the root that the client already trusts; its expiry does not matter yet (TUF 5.3.1).</summary>
    /// <param name="trustedRoot">Bytes of a root.json.</param>
    /// <param name="now">The one time against which everything is held in this run (TUF 5.1).</param>
    /// <param name="remote">Name for messages; null: its keeper looks at a repository himself.</param>
    /// <exception cref="TrustException">It is not well-formed or not signed by its own keys.</exception>
    public static TrustedMetadataSet Start(ReadOnlyMemory<byte> trustedRoot, DateTimeOffset now, string? remote)
    {
        var prefix = remote is null ? "" : $"remote `{remote}`: ";
        var document = SignedDocument.Parse(trustedRoot, "root.json", MetadataLimits.Root);
        var root = RootMetadata.Parse(document.Body);
        RequireSigned(document, "root", root.Keys, root.Roles["root"], prefix, "its own");
        return new TrustedMetadataSet(new Verified<RootMetadata>(root, trustedRoot), now, prefix);
    }

    /// <summary>Takes the next root of the chain. An expired one is fine: only the last must not be (TUF 5.3.4–5.3.8).</summary>
    /// <exception cref="TrustException">Refused.</exception>
    public void UpdateRoot(ReadOnlyMemory<byte> bytes)
    {
        if (_isRootFinal)
        {
            throw new InvalidOperationException("a root comes before the timestamp");
        }

        var trusted = Root.Content;
        var document = SignedDocument.Parse(bytes, $"{trusted.Version + 1}.root.json", MetadataLimits.Root);
        var root = RootMetadata.Parse(document.Body);
        // TUF 5.3.4: arbitrary software attack. Signed by the threshold of the old keys and by that of the new.
        RequireSigned(document, "root", trusted.Keys, trusted.Roles["root"], _prefix, $"root version {trusted.Version}'s");
        RequireSigned(document, "root", root.Keys, root.Roles["root"], _prefix, "its own");
        // TUF 5.3.5: rollback attack. Exactly the next version, so that the chain has no gap.
        if (root.Version != trusted.Version + 1)
        {
            throw new RollbackException($"{_prefix}root: rollback attack or gap in the chain refused: "
                + $"expected version {trusted.Version + 1}, got {root.Version}");
        }

        Root = new Verified<RootMetadata>(root, bytes);
    }

    /// <summary>Ends the chain of roots: the last one must not be expired (TUF 5.3.10).</summary>
    /// <exception cref="ExpiredException">It is.</exception>
    public void RequireCurrentRoot()
    {
        RequireCurrent(Root.Content, "root");
        _isRootFinal = true;
    }

    /// <summary>Whether the keys of the timestamp or the snapshot changed since <see cref="Start"/>: then old versions of
    /// both no longer bind, so that a repository recovers from a fast-forward attack (TUF 5.3.11).</summary>
    public bool HasRotatedOnlineKeys => IsRotated("timestamp") || IsRotated("snapshot");

    bool IsRotated(string role) => !_firstRoot.Roles[role].IsSame(Root.Content.Roles[role]);

    void RequireRootFinal()
    {
        if (!_isRootFinal)
        {
            throw new InvalidOperationException("the chain of roots is not at its end");
        }
    }

    void RequireSignedByRole(SignedDocument document, string role) => RequireSigned(
        document, role, Root.Content.Keys, Root.Content.Roles[role], _prefix, $"root version {Root.Content.Version}'s");

    static void RequireSigned(SignedDocument document, string role, IReadOnlyDictionary<string, TufKey> keys,
        RoleKeys roleKeys, string prefix, string whose)
    {
        var signers = document.CountSigners(keys, roleKeys);
        if (signers < roleKeys.Threshold)
        {
            throw new SignatureException(
                $"{prefix}{document.Name}: not from this repository's {role} role (arbitrary software attack refused): "
                + $"expected signatures of {roleKeys.Threshold} of {whose} {roleKeys.KeyIds.Count} {role} keys, got {signers}");
        }
    }

    /// <summary>TUF 5.4.4, 5.5.6, 5.6.5: the expiry must be later than the start of the run.</summary>
    void RequireCurrent(RoleMetadata metadata, string role) => RequireCurrent(role, metadata.Version, metadata.Expires);

    bool IsExpired(RoleMetadata metadata) => metadata.Expires <= _now;

    /// <summary>Holds metadata that was believed in an earlier run against the time of this one.</summary>
    /// <exception cref="ExpiredException">It is expired.</exception>
    public void RequireCurrent(string role, long version, DateTimeOffset expires)
    {
        if (expires <= _now)
        {
            throw new ExpiredException(
                $"{_prefix}{role}: frozen since {expires:yyyy-MM-dd HH:mm:ss}Z (freeze attack, or not maintained): "
                + $"version {version} expired {Age(_now - expires)} ago", expires);
        }
    }

    /// <summary>TUF 5.5.2 and 5.6.2: what signed metadata says of the file, the length first.</summary>
    void RequireMatch(ReadOnlyMemory<byte> bytes, MetaFile expected, string name)
    {
        if (expected.Length is { } length && bytes.Length != length)
        {
            throw new MismatchException(
                $"{_prefix}{name}: mix-and-match attack refused: expected {length} bytes, got {bytes.Length}");
        }

        if (expected.Hashes is { } hashes && !hashes.Match(bytes.Span, out var difference))
        {
            throw new MismatchException($"{_prefix}{name}: mix-and-match attack refused: {difference}");
        }
    }

    void RequireVersion(RoleMetadata metadata, MetaFile expected, string name, string parent)
    {
        if (metadata.Version != expected.Version)
        {
            throw new MismatchException($"{_prefix}{name}: mix-and-match attack refused: "
                + $"expected version {expected.Version} as {parent} says, got {metadata.Version}");
        }
    }

    void RequireNotOlder(long trusted, long offered, string what)
    {
        if (offered < trusted)
        {
            throw new RollbackException(
                $"{_prefix}{what}: rollback attack refused: version {trusted} is trusted, got {offered}");
        }
    }

    static string Age(TimeSpan age) => age.TotalDays >= 2 ? $"{(long)age.TotalDays} days"
        : age.TotalHours >= 2 ? $"{(long)age.TotalHours} hours"
        : $"{(long)age.TotalMinutes} minutes";
}
