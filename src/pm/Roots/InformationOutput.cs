using System.Collections.Immutable;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Stages.Looking;
using Pm.Stages.Roots;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Roots;

/// <summary>All that is known of a package: lines of <c>key: value</c> for people, one record for programs.</summary>
static class InformationOutput
{
    const int MostVersions = 10;

    public static void Write(Terminal terminal, PackageInformation information, RootSession session)
    {
        foreach (var (key, value) in Lines(information, session))
        {
            var lines = value.TrimEnd().Split('\n');
            terminal.Data($"{terminal.DataPaint.Bold(key)}: {Hostile.OneLine(lines[0])}");
            foreach (var line in lines.Skip(1))
            {
                terminal.Data("  " + Hostile.OneLine(line));
            }
        }
    }

    static IEnumerable<(string Key, string Value)> Lines(PackageInformation information, RootSession session) =>
        Everything(information, session).Where(l => !string.IsNullOrEmpty(l.Value)).Select(l => (l.Key, l.Value!));

    static IEnumerable<(string Key, string? Value)> Everything(PackageInformation information, RootSession session)
    {
        var description = information.Package?.Description;
        var offer = information.Offer;
        yield return ("name", information.Id.Name.Text);
        yield return ("version", information.Id.Version.Text);
        yield return ("state", State(information));
        yield return ("yanked", offer is { IsYanked: true } ? offer.YankReason ?? "withdrawn by its publisher" : null);
        yield return ("newer", Newer(information));
        yield return ("title", description?.Title ?? offer?.Title);
        yield return ("description", description?.Description ?? offer?.Description);
        yield return ("licence", description?.Licence);
        yield return ("homepage", description?.Homepage);
        yield return ("developer", description?.Developer);
        yield return ("categories", Join(description?.Categories));
        yield return ("needs", Join(Dependencies(information).Select(d => d.ToString())));
        yield return ("requires", Join(Requires(information).Select(r => $"{r.Key} {r.Value}")));
        yield return ("provides", Join(Provides(information)));
        yield return ("commands", Join(information.Commands));
        yield return ("size", information.SizeInBytes is { } size ? ByteSize.Text(size) : null);
        yield return ("download", information.Package is null && offer?.DownloadSize is { } bytes ? ByteSize.Text(bytes) : null);
        yield return ("remote", Remote(information, session));
        yield return ("signer", SignerLine(information, session));
        yield return ("published", offer?.Published?.ToString("u", System.Globalization.CultureInfo.InvariantCulture));
        yield return ("same as", offer?.SameAs?.Text);
        yield return ("hash", (information.Package?.Hash ?? offer?.Hash)?.ToString());
        yield return ("versions", Versions(information));
    }

    public static void WriteJson(Utf8JsonWriter json, PackageInformation information, RootSession session)
    {
        var description = information.Package?.Description;
        var offer = information.Offer;
        json.WriteStartObject();
        json.WriteString("name"u8, information.Id.Name.Text);
        json.WriteString("version"u8, information.Id.Version.Text);
        json.WriteString("title"u8, description?.Title ?? offer?.Title);
        json.WriteString("description"u8, description?.Description ?? offer?.Description);
        json.WriteString("licence"u8, description?.Licence);
        json.WriteString("homepage"u8, description?.Homepage);
        json.WriteString("developer"u8, description?.Developer);
        json.WriteString("hash"u8, (information.Package?.Hash ?? offer?.Hash)?.ToString());
        json.WriteString("signer"u8, Signer(information));
        json.WriteString("signer_state"u8, SignerState(information, session));
        json.WriteString("published"u8, offer?.Published?.ToString("u", System.Globalization.CultureInfo.InvariantCulture).Replace(' ', 'T'));
        json.WriteString("same_as"u8, offer?.SameAs?.Text);
        json.WriteString("remote"u8, information.Installed?.Remote ?? offer?.Remote);
        json.WriteString("url"u8, Url(information, session));
        if (information.SizeInBytes is { } size)
        {
            json.WriteNumber("size"u8, size);
        }

        if (information.Offer?.DownloadSize is { } download)
        {
            json.WriteNumber("download_size"u8, download);
        }

        Array(json, "categories", description?.Categories ?? []);
        Array(json, "needs", Dependencies(information).Select(d => d.ToString()));
        json.WriteStartObject("requires"u8);
        foreach (var (name, range) in Requires(information))
        {
            json.WriteString(name.Text, range);
        }

        json.WriteEndObject();
        Array(json, "provides", Provides(information));
        Array(json, "commands", information.Commands);
        WriteState(json, information);
        json.WriteEndObject();
    }

    static void WriteState(Utf8JsonWriter json, PackageInformation information)
    {
        json.WriteBoolean("installed"u8, information.Installed is not null);
        json.WriteString("installed_version"u8, information.InstalledVersion?.Text);
        json.WriteBoolean("asked"u8, information.Installed?.IsAsked ?? false);
        json.WriteBoolean("pinned"u8, information.Installed?.IsPinned ?? false);
        json.WriteString("newest"u8, information.Newest?.Version.Text);
        json.WriteBoolean("yanked"u8, information.Offer?.IsYanked ?? false);
        json.WriteString("yank_reason"u8, information.Offer?.YankReason);
        Array(json, "versions", information.Versions.Select(v => v.Version.Text));
    }

    static void Array(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    static string State(PackageInformation information) => information switch
    {
        { Installed: { } installed } =>
            $"installed ({(installed.IsAsked ? "asked for" : "as a dependency")}{(installed.IsPinned ? ", pinned" : "")})",
        { InstalledVersion: { } other } => $"not installed; {other} is",
        { Package: not null, Offer: null } => "not installed; an older generation holds it",
        _ => "available",
    };

    static string? Newer(PackageInformation information) =>
        information.Newest is { } newest && newest.Version > information.Id.Version
            ? $"{newest.Version} from {newest.Remote ?? "a file"}"
            : null;

    static string? Signer(PackageInformation information) => information.Installed?.Signer?.ToString() ?? information.Offer?.Signer;

    /// <summary>What the root's ring says of the signer, so that nobody learns only at the installation that it is a stranger.</summary>
    static string? SignerState(PackageInformation information, RootSession session) =>
        Signer(information) is not { } signer ? null
        : Fingerprint.TryParse(signer, out var fingerprint) && Keyring.Open(session.Root).Keys.TryGetValue(fingerprint, out var key)
            ? KeyRecord.TextOf(key.State)
            : "unknown";

    static string? SignerLine(PackageInformation information, RootSession session) => SignerState(information, session) switch
    {
        null => information.Installed is null ? null : "unsigned",
        "trusted" => Signer(information),
        "unknown" => $"{Signer(information)} (a key that is not known here)",
        "known" => $"{Signer(information)} (known, not trusted)",
        var state => $"{Signer(information)} ({state})",
    };

    static string? Remote(PackageInformation information, RootSession session)
    {
        var name = information.Installed is { } installed ? installed.Remote ?? "none: installed from a file" : information.Offer?.Remote;
        return Url(information, session) is { } url ? $"{name} ({url})" : name;
    }

    static string? Url(PackageInformation information, RootSession session) =>
        (information.Installed is { } installed ? installed.Remote : information.Offer?.Remote) is { } name ? session.Remotes.Find(name)?.Url.Text : null;

    static ImmutableArray<Dependency> Dependencies(PackageInformation information) =>
        information.Package?.Description?.Dependencies ?? information.Offer?.Dependencies ?? [];

    static ImmutableSortedDictionary<PackageName, string> Requires(PackageInformation information) =>
        information.Package?.Description?.Requires ?? information.Offer?.Requires ?? ImmutableSortedDictionary<PackageName, string>.Empty;

    static ImmutableArray<string> Provides(PackageInformation information) =>
        information.Package?.Description?.Provides ?? information.Offer?.Provides ?? [];

    static string Versions(PackageInformation information) =>
        Join(information.Versions.Take(MostVersions).Select(v => v.Version.Text + (v.IsYanked ? " (yanked)" : "")))
        + (information.Versions.Count > MostVersions ? $", {information.Versions.Count - MostVersions} more" : "");

    static string Join(IEnumerable<string>? values) => string.Join(", ", values ?? []);
}
