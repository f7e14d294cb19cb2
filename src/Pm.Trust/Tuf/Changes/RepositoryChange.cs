using System.Text;
using System.Text.Json;

namespace Pm.Trust.Tuf.Changes;

/// <summary>
/// A change of what the root or targets role of a repository says, on its way from one who signs to the next: the files that
/// are believed now, and those that are to follow, with the signatures that are there so far. It is one JSON file that can be
/// carried to machines without a network. Pure; source: TUF 5.3, 6.1, docs/formats/change.md.
/// </summary>
public sealed class RepositoryChange
{
    /// <summary>The present and the next root and targets, and some words around them.</summary>
    public const int MaximumLength = 2 * (MetadataLimits.Root + MetadataLimits.Targets) + 64 * 1024;

    const int Format = 1;

    RepositoryChange(Verified<RootMetadata>? currentRoot, Verified<TargetsMetadata>? currentTargets, ChangeDocument? root, ChangeDocument? targets)
    {
        CurrentRoot = currentRoot;
        CurrentTargets = currentTargets;
        Root = root;
        Targets = targets;
    }

    /// <summary>Null: the repository has none yet.</summary>
    public Verified<RootMetadata>? CurrentRoot { get; }

    /// <summary>Null: the repository has none yet.</summary>
    public Verified<TargetsMetadata>? CurrentTargets { get; }

    /// <summary>The root that is to follow; null: it stays.</summary>
    public ChangeDocument? Root { get; }

    /// <summary>The targets that are to follow; null: they stay, or need nobody's signature who is elsewhere.</summary>
    public ChangeDocument? Targets { get; }

    /// <summary>What the next root says; where none follows, the present one.</summary>
    public RootMetadata NextRoot => Root is { } next ? (RootMetadata)next.Content : CurrentRoot!.Content;

    /// <summary>What the next targets say.</summary>
    public TargetsMetadata? NextTargets => (TargetsMetadata?)Targets?.Content;

    /// <summary>Whose signatures it needs. A root needs those of the present root's keys and of its own: TUF 6.1.</summary>
    public IReadOnlyList<SignatureNeed> Needs
    {
        get
        {
            var needs = new List<SignatureNeed>();
            if (Root is { } root)
            {
                if (CurrentRoot is { Content: var current })
                {
                    needs.Add(Need(root, current, "root"));
                }

                if (CurrentRoot is null || !CurrentRoot.Content.Roles["root"].IsSame(NextRoot.Roles["root"]))
                {
                    needs.Add(Need(root, NextRoot, "root"));
                }
            }

            if (Targets is { } targets)
            {
                needs.Add(Need(targets, NextRoot, "targets"));
            }

            return needs;
        }
    }

    /// <summary>Whether everybody has signed who must.</summary>
    public bool IsComplete => Needs.All(need => need.IsMet);

    /// <param name="currentRoot">The root.json that is believed now; empty in a repository that is being made.</param>
    /// <param name="currentTargets">The targets.json that is believed now, or nothing.</param>
    /// <param name="root">What follows; null: the root stays.</param>
    /// <param name="targets">What follows; null: they stay.</param>
    public static RepositoryChange Of(ReadOnlyMemory<byte> currentRoot, ReadOnlyMemory<byte> currentTargets, RootMetadata? root, TargetsMetadata? targets) =>
        new(
            currentRoot is { IsEmpty: false } one ? ReadRoot(one) : null,
            currentTargets is { IsEmpty: false } two ? new(TargetsMetadata.Parse(SignedDocument.Parse(two, "targets.json", MetadataLimits.Any).Body), two) : null,
            root is null ? null : ChangeDocument.Of(root),
            targets is null ? null : ChangeDocument.Of(targets));

    /// <summary>Reads one and refuses what cannot be right: signatures that do not fit, a present state that is not signed.</summary>
    /// <exception cref="TrustException">It is no change, or an altered one.</exception>
    public static RepositoryChange Parse(ReadOnlySpan<byte> json, string name)
    {
        var fields = new JsonFields(StrictJson.Parse(json, MaximumLength, name), name);
        if (fields.Number("format", 1) is var format && format != Format)
        {
            throw new MetadataException($"{name}: expected format {Format}, got {format}: update pm");
        }

        var (current, next) = (fields.FindChild("current"), fields.Child("next"));
        var root = current?.Find("root") is { } one ? ReadRoot(Bytes(one)) : null;
        var targets = current?.Find("targets") is { } two
            ? ReadTargets(Bytes(two), root ?? throw new MetadataException($"{name}: current.targets without current.root"), name) : null;
        var change = new RepositoryChange(
            root,
            targets,
            next.Find("root") is { } three ? ChangeDocument.Parse(three, $"{name}: next.root", RootMetadata.Parse) : null,
            next.Find("targets") is { } four ? ChangeDocument.Parse(four, $"{name}: next.targets", TargetsMetadata.Parse) : null);
        if (change.Root is null && (change.Targets is null || root is null))
        {
            throw new MetadataException($"{name}: next: there is nothing to sign");
        }

        return change.WithGoodSignatures();
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            Write(json, "current", CurrentRoot?.Bytes ?? default, CurrentTargets?.Bytes ?? default);
            Write(json, "next", Root?.ToBytes(), Targets?.ToBytes());
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Whether both change the same into the same; the signatures may be others.</summary>
    public bool IsSameContent(RepositoryChange other) => IsSame(Root, other.Root) && IsSame(Targets, other.Targets);

    /// <summary>Whether a key has a say in it: of the root's, or of the targets', the present ones and those that are to follow.</summary>
    public bool Asks(string keyId) => (Root is not null && KeysOf("root").ContainsKey(keyId)) || (Targets is not null && KeysOf("targets").ContainsKey(keyId));

    /// <summary>With the signatures of a key, on every document in which it has a say.</summary>
    /// <exception cref="ChangeException">PM3027: it has none, or what is published under its id would not count its signature.</exception>
    public RepositoryChange Sign(ISigner key)
    {
        var id = key.Public.Id;
        return Asks(id) ? SignWhereKnown(key)
            : throw (Needs.Any(need => need.Keys.KeyIds.Contains(id))
                ? new ChangeException("PM3027", $"what is listed as key {id} cannot check a signature of it: it would not count")
                : new ChangeException("PM3027", $"key {id} has no say in this change", "pm repo sign FILE says whose signatures it needs"));
    }

    /// <summary>As <see cref="Sign"/>; where the key has no say it stays as it is. The old keys of the targets sign as well, so that
    /// there need be no moment at which only one of two roots fits.</summary>
    /// <exception cref="ChangeException">PM3027: what is published under its id does not verify what it signs.</exception>
    public RepositoryChange SignWhereKnown(ISigner key) => new(
        CurrentRoot, CurrentTargets,
        KeysOf("root").TryGetValue(key.Public.Id, out var ofRoot) ? Root?.With(key, ofRoot) : Root,
        KeysOf("targets").TryGetValue(key.Public.Id, out var ofTargets) ? Targets?.With(key, ofTargets) : Targets);

    /// <summary>With the signatures of another copy of it, too.</summary>
    /// <exception cref="ChangeException">PM3027: one is by a key that has no say, though the copy, which brings a present root of its own, says so.</exception>
    public RepositoryChange With(RepositoryChange other) => new RepositoryChange(
        CurrentRoot, CurrentTargets,
        Root is { } root && other.Root is { } otherRoot ? root.With(otherRoot) : Root,
        Targets is { } targets && other.Targets is { } otherTargets ? targets.With(otherTargets) : Targets).WithGoodSignatures();

    /// <summary>Refuses what a client would, what could never be signed, and what does not show, whoever has signed it so far.</summary>
    /// <returns>The same.</returns>
    /// <exception cref="ChangeException">PM3028: a version that does not follow; an expiry that is past; a key object that is not what its id says.</exception>
    public RepositoryChange RequireSound(DateTimeOffset now)
    {
        Require(Root?.Content, CurrentRoot?.Content, now);
        Require(Targets?.Content, CurrentTargets?.Content, now, CurrentRoot is { Content: var present } && VersionCount.IsForgotten(present, NextRoot, "snapshot"));
        if (Root is not null)
        {
            ListedKeys.Of(CurrentRoot?.Content, NextRoot).RequireSound();
        }

        if (NextTargets?.Delegations is { } delegations)
        {
            ListedKeys.Of(CurrentTargets?.Content.Delegations, delegations).RequireSound();
        }

        return this;
    }

    /// <remarks>Counting may begin anew where it was driven to its end, and clients forget the snapshot against which they hold targets.</remarks>
    static void Require(RoleMetadata? next, RoleMetadata? current, DateTimeOffset now, bool mayBeginAnew = false)
    {
        if (next is null)
        {
            return;
        }

        if (next.Version != (current?.Version ?? 0) + 1 && !(mayBeginAnew && next.Version == 1 && current?.Version >= VersionCount.LastCounted))
        {
            throw new ChangeException("PM3028", $"{next.Type}.json: expected version {(current?.Version ?? 0) + 1}, got {next.Version}");
        }

        if (next.Expires <= now)
        {
            throw new ChangeException("PM3028", $"{next.Type}.json: it expired on {next.Expires:yyyy-MM-dd HH:mm:ss}Z");
        }
    }

    RepositoryChange WithGoodSignatures()
    {
        Root?.RequireGoodSignatures(KeysOf("root"));
        Targets?.RequireGoodSignatures(KeysOf("targets"));
        return this;
    }

    static SignatureNeed Need(ChangeDocument document, RootMetadata root, string role)
    {
        var keys = root.Roles[role];
        return new SignatureNeed(
            role, root.Version, keys, [.. document.KeyIds.Where(keys.KeyIds.Contains)], document.CountSigners(root.Keys, keys));
    }

    /// <summary>Whose signatures may stand in a document: under one id either root has the same key, or one that is none.</summary>
    Dictionary<string, TufKey> KeysOf(string role)
    {
        RootMetadata?[] roots = [CurrentRoot?.Content, (RootMetadata?)Root?.Content];
        return roots.OfType<RootMetadata>()
            .SelectMany(root => root.Roles[role].KeyIds.Where(root.Keys.ContainsKey).Select(id => root.Keys[id]))
            .Where(key => key.IsUsable)
            .DistinctBy(key => key.Id).ToDictionary(key => key.Id, StringComparer.Ordinal);
    }

    static bool IsSame(ChangeDocument? one, ChangeDocument? other) =>
        one is null ? other is null : other is not null && one.IsSameContent(other);

    /// <summary>Signed by its own keys; its age is nobody's business here.</summary>
    static Verified<RootMetadata> ReadRoot(ReadOnlyMemory<byte> bytes) =>
        TrustedMetadataSet.Start(bytes, DateTimeOffset.MinValue, "current").Root;

    static Verified<TargetsMetadata> ReadTargets(ReadOnlyMemory<byte> bytes, Verified<RootMetadata> root, string name)
    {
        var document = SignedDocument.Parse(bytes, $"{name}: current.targets", MetadataLimits.Any);
        var role = root.Content.Roles["targets"];
        return document.CountSigners(root.Content.Keys, role) >= role.Threshold
            ? new Verified<TargetsMetadata>(TargetsMetadata.Parse(document.Body), bytes)
            : throw new ChangeException("PM3026", $"{name}: current.targets: the keys of current.root have not signed it");
    }

    static byte[] Bytes(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    static void Write(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> root, ReadOnlyMemory<byte> targets)
    {
        json.WriteStartObject(name);
        foreach (var (role, bytes) in ((string, ReadOnlyMemory<byte>)[])[("root", root), ("targets", targets)])
        {
            if (bytes is { IsEmpty: false } file)
            {
                json.WritePropertyName(role);
                json.WriteRawValue(file.Span.TrimEnd((byte)'\n'), skipInputValidation: true);
            }
        }

        json.WriteEndObject();
    }
}
