namespace Pm.Trust.Tuf.Changes;

/// <summary>
/// The key objects that a root, or targets with delegations, list for their roles. Who signs is shown the ids: what stands under
/// an id must then be the key that the id is of, or as it was.
/// </summary>
/// <param name="Document">For messages, e.g. <c>root.json</c>.</param>
/// <param name="Before">Those that are listed now; null: none.</param>
/// <param name="Keys">Those that are to follow.</param>
/// <param name="Roles">The roles that they are listed for, by name.</param>
sealed record ListedKeys(
    string Document, IReadOnlyDictionary<string, TufKey>? Before, IReadOnlyDictionary<string, TufKey> Keys, IReadOnlyList<(string Name, RoleKeys Keys)> Roles)
{
    public static ListedKeys Of(RootMetadata? before, RootMetadata root) =>
        new("root.json", before?.Keys, root.Keys, [.. root.Roles.Select(role => (role.Key, role.Value))]);

    public static ListedKeys Of(Delegations? before, Delegations delegations) => new("targets.json", before?.Keys, delegations.Keys,
    [
        .. delegations.Roles.Select(role => (role.Name, role.Keys)),
        .. delegations.Succinct is { } bins ? [(bins.NamePrefix, bins.Keys)] : Array.Empty<(string, RoleKeys)>(),
    ]);

    /// <exception cref="ChangeException">PM3028: a key would be disabled or listed unseen, or a role could never be signed for.</exception>
    public void RequireSound()
    {
        var named = Roles.SelectMany(role => role.Keys.KeyIds).ToHashSet(StringComparer.Ordinal);
        foreach (var id in named.Where(id => !Keys.ContainsKey(id)))
        {
            throw new ChangeException("PM3028", $"{Document}: a role names key {ShownText.Of(id)}, which is not listed: nobody could check what it signs");
        }

        foreach (var (id, key) in Keys)
        {
            if (!named.Contains(id))
            {
                throw new ChangeException("PM3028", $"{Document}: it lists key {ShownText.Of(id)}, which no role names");
            }

            if (!IsAsShown(Before?.GetValueOrDefault(id), key))
            {
                throw new ChangeException("PM3028", $"{Document}: what it lists as key {ShownText.Of(id)} is not the key of that id");
            }
        }

        foreach (var (name, keys) in Roles)
        {
            RequireReachable(name, keys);
        }
    }

    /// <summary>An id is of its key's bytes, so a usable one is what it is called; others may only stay as they are.</summary>
    static bool IsAsShown(TufKey? before, TufKey key) =>
        before is null || !before.IsUsable ? key.IsUsable || (before is not null && IsSame(before, key)) : IsSame(before, key);

    static bool IsSame(TufKey one, TufKey other) => CanonicalJson.Encode(one.Source).AsSpan().SequenceEqual(CanonicalJson.Encode(other.Source));

    void RequireReachable(string role, RoleKeys keys)
    {
        var usable = keys.KeyIds.Select(Keys.GetValueOrDefault).Where(key => key is { IsUsable: true }).Select(key => key!.PublicHex).Distinct().Count();
        if (usable < keys.Threshold)
        {
            throw new ChangeException("PM3028", $"role {ShownText.Of(role)}: {keys.Threshold} keys would have to sign, and it has {usable} that can");
        }
    }
}
