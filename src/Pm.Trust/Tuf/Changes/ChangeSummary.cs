using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pm.Trust.Tuf.Changes;

/// <summary>Says what a change changes: everything that is signed with it shows in one of its lines.</summary>
public static class ChangeSummary
{
    const string TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'";

    /// <param name="change">The change.</param>
    /// <returns>In the order of the documents; none where nothing but signatures is new.</returns>
    public static IReadOnlyList<ChangeLine> Of(RepositoryChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var lines = new List<ChangeLine>();
        if (change.Root is not null)
        {
            Head(lines, change.CurrentRoot?.Content, change.NextRoot);
            Roles(lines, change.CurrentRoot?.Content, change.NextRoot);
        }

        if (change.NextTargets is { } targets)
        {
            Head(lines, change.CurrentTargets?.Content, targets);
            Delegations(lines, change.CurrentTargets?.Content.Delegations, targets.Delegations);
            Packages(lines, change.CurrentTargets?.Content.Targets ?? new Dictionary<string, TargetFile>(), targets.Targets);
        }

        return lines;
    }

    static void Head(List<ChangeLine> lines, RoleMetadata? before, RoleMetadata after)
    {
        lines.Add(new("version", after.Type, before is null ? $"{after.Version}" : $"from {before.Version} to {after.Version}"));
        var expires = after.Expires.ToString(TimeFormat, null);
        lines.Add(new("expires", after.Type, before is null ? expires : $"from {before.Expires.ToString(TimeFormat, null)} to {expires}"));
    }

    static void Roles(List<ChangeLine> lines, RootMetadata? before, RootMetadata after)
    {
        if ((before?.IsConsistentSnapshot ?? true) != after.IsConsistentSnapshot)
        {
            lines.Add(new("consistent-snapshot", "root", before is null ? $"{after.IsConsistentSnapshot}" : $"from {before.IsConsistentSnapshot} to {after.IsConsistentSnapshot}"));
        }

        foreach (var role in after.Roles.Keys.Union(before?.Roles.Keys ?? []).Order(StringComparer.Ordinal))
        {
            Keys(lines, role, before?.Roles.GetValueOrDefault(role), after.Roles.GetValueOrDefault(role));
        }
    }

    static void Keys(List<ChangeLine> lines, string role, RoleKeys? before, RoleKeys? after)
    {
        var (old, now) = (Count(before), Count(after));
        if (old != now)
        {
            lines.Add(new("threshold", role, before is null ? now : $"from {old} to {now}"));
        }

        lines.AddRange((after?.KeyIds ?? []).Except(before?.KeyIds ?? []).Select(id => new ChangeLine("key-added", role, id)));
        lines.AddRange((before?.KeyIds ?? []).Except(after?.KeyIds ?? []).Select(id => new ChangeLine("key-removed", role, id)));
    }

    static string Count(RoleKeys? keys) => keys is null ? "none" : $"{keys.Threshold} of {keys.KeyIds.Count}";

    static void Delegations(List<ChangeLine> lines, Delegations? before, Delegations? after)
    {
        if (before?.Digest == after?.Digest)
        {
            return;
        }

        if (after is null)
        {
            lines.Add(new("delegates", "targets", "to nobody any more"));
            return;
        }

        if (BinsIn(after) is { } count)
        {
            Bins(lines, before, after, count);
        }
        else
        {
            lines.AddRange(after.Roles.Select(role => new ChangeLine("delegates", role.Name, Says(role))));
        }

        if (after.Succinct is { } bins)
        {
            lines.Add(new("delegates", $"{bins.NamePrefix}-…", $"{bins.Count} bins"));
            Keys(lines, $"{bins.NamePrefix}-…", before?.Succinct?.Keys, bins.Keys);
        }

        Removed(lines, before, after);
    }

    /// <summary>
    /// Many roles in a line only where nothing else can stand between them: names, prefixes and ends as bins have them, and one set of keys.
    /// </summary>
    static int? BinsIn(Delegations? delegations) => BinRoles.CountIn(delegations) is { } count
        && delegations!.Roles.All(role => role.IsTerminating && role.Keys.IsSame(delegations.Roles[0].Keys)) ? count : null;

    static void Bins(List<ChangeLine> lines, Delegations? before, Delegations after, int count)
    {
        var old = BinsIn(before);
        lines.Add(new("delegates", "bins", old is null || old == count ? $"{count} bins" : $"from {old} to {count} bins"));
        Keys(lines, "bins", old is null ? null : before!.Roles[0].Keys, after.Roles[0].Keys);
    }

    /// <summary>Names and patterns are data, so each of several is quoted: none reads as two, or as the words around it.</summary>
    static string Says(DelegatedRole role) =>
        $"{Count(role.Keys)}: {string.Join(' ', role.Keys.KeyIds.Select(Quoted))}{(role.IsTerminating ? ", terminating" : "")}, for "
        + (role.Paths is { } paths ? Quoted(paths) : $"hashes {Quoted(role.PathHashPrefixes ?? [])}");

    static string Quoted(IReadOnlyCollection<string> texts) => texts.Count == 0 ? "nothing" : string.Join(' ', texts.Select(Quoted));

    static string Quoted(string text) => text.All(char.IsAsciiHexDigitLower) && text.Length > 0
        ? text : $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    static void Removed(List<ChangeLine> lines, Delegations? before, Delegations after)
    {
        if (before is null || (BinsIn(before) is not null && BinsIn(after) is not null))
        {
            return;
        }

        lines.AddRange(before.Roles.Select(role => role.Name).Except(after.Roles.Select(role => role.Name))
            .Select(name => new ChangeLine("delegation-removed", name, "")));
        if (before.Succinct is { } bins && bins.NamePrefix != after.Succinct?.NamePrefix)
        {
            lines.Add(new("delegation-removed", $"{bins.NamePrefix}-…", ""));
        }
    }

    static void Packages(List<ChangeLine> lines, IReadOnlyDictionary<string, TargetFile> before, IReadOnlyDictionary<string, TargetFile> after)
    {
        foreach (var path in after.Keys.Union(before.Keys).Order(StringComparer.Ordinal))
        {
            var (old, now) = (before.GetValueOrDefault(path), after.GetValueOrDefault(path));
            var what = old is null ? "package-added" : now is null ? "package-removed" : IsSame(old, now) ? null : "package-changed";
            if (what is not null)
            {
                lines.Add(new(what, "targets", path));
            }
        }
    }

    static bool IsSame(TargetFile one, TargetFile other) => Text(one) == Text(other);

    static string Text(TargetFile file)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            file.WriteTo(json);
        }

        return Convert.ToHexString(stream.ToArray());
    }
}
