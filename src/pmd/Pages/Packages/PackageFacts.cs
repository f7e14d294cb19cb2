using System.Collections.Immutable;
using System.Globalization;
using Pm.Packages;

namespace Pm.Daemon.Pages.Packages;

/// <summary>What a package says of itself.</summary>
/// <param name="Licence">An SPDX expression, as written.</param>
/// <param name="Homepage">As written.</param>
/// <param name="HomepageUrl">The same where it may be a link: http or https, and nothing else.</param>
/// <param name="Developer">As written.</param>
/// <param name="Categories">As written.</param>
/// <param name="Provides">What others may look it up by.</param>
/// <param name="Commands">What can be run when it is installed.</param>
public sealed record PackageFacts(
    string? Licence,
    string? Homepage,
    string? HomepageUrl,
    string? Developer,
    ImmutableArray<string> Categories,
    ImmutableArray<string> Provides,
    ImmutableArray<string> Commands)
{
    const int TextRoom = 400;
    const int ListRoom = 2_500;
    const int LongestUrl = 200;

    internal static PackageFacts Of(PackageDescription? description, ImmutableArray<string> provides)
    {
        var room = new PageRoom(ListRoom);
        return new PackageFacts(
            Text(description?.Licence),
            Text(description?.Homepage),
            UrlOf(description?.Homepage),
            Text(description?.Developer),
            room.Take(description?.Categories ?? []),
            room.Take(provides),
            room.Take(description?.Commands.Keys ?? []));
    }

    static string? Text(string? text) => text is null ? null : PageRoom.Cut(text, TextRoom);

    static string? UrlOf(string? homepage) =>
        // Of invisible letters, which it drops, Uri can fail instead of saying so.
        homepage is { Length: <= LongestUrl } && !homepage.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Format) && Uri.TryCreate(homepage, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0
            ? url.AbsoluteUri
            : null;
}
