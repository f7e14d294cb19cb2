using System.Text.Json;
using Pm.Packages.Index;
using Pm.Stages.Roots;

namespace Pm.Cli.Roots;

/// <summary>How a package that a remote offers looks in every <c>--json</c>.</summary>
static class OfferJson
{
    /// <summary>Its members, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, AvailablePackage package, RemoteList? remotes)
    {
        json.WriteString("name"u8, package.Name.Text);
        json.WriteString("version"u8, package.Version.Text);
        json.WriteString("title"u8, package.Title);
        json.WriteString("description"u8, package.Description);
        json.WriteString("remote"u8, package.Remote);
        json.WriteString("url"u8, UrlOf(package, remotes));
        json.WriteString("hash"u8, package.Hash?.ToString());
        json.WriteString("signer"u8, package.Signer);
        Number(json, "size"u8, package.SizeInBytes);
        Number(json, "download_size"u8, package.DownloadSize);
        json.WriteBoolean("yanked"u8, package.IsYanked);
        if (package.IsYanked)
        {
            json.WriteString("yank_reason"u8, package.YankReason);
        }
    }

    /// <summary>The URL of the remote that offers it, as it is configured.</summary>
    public static string? UrlOf(AvailablePackage package, RemoteList? remotes) =>
        package.Remote is { } name ? remotes?.Find(name)?.Url.Text : null;

    static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
