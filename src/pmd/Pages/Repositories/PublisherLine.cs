using Pm.Repositories.Browsing;
using Pm.Repositories.Serving;
using Pm.Trust.OpenPgp;

namespace Pm.Daemon.Pages.Repositories;

/// <summary>Who signed packages of a repository.</summary>
/// <param name="Fingerprint">Of the primary OpenPGP key; absent: what nobody signed.</param>
/// <param name="Name">As the key has it; its owner chose it.</param>
/// <param name="Versions">How many versions are theirs.</param>
/// <param name="KeyUrl">Where the public key is; absent where it is not handed out.</param>
/// <param name="KeyImport">The command that brings it into a root's ring; absent as that is.</param>
public sealed record PublisherLine(string? Fingerprint, string? Name, int Versions, string? KeyUrl, string? KeyImport)
{
    const int NameRoom = 200;

    internal static PublisherLine Of(HttpRequest request, ServedRepository repository, PublisherShare share) =>
        share.Fingerprint is { } fingerprint && repository.FindPublisher(fingerprint) is { } key
            ? new PublisherLine(fingerprint, NameOf(key), share.Versions, PageUrls.PublisherKey(repository.Namespace, fingerprint),
                BaseUrl.KeyImport(request, repository, fingerprint))
            : new PublisherLine(share.Fingerprint, null, share.Versions, null, null);

    /// <summary>What a key calls itself.</summary>
    internal static string? NameOf(PublicKeyBlock? key) => key is { UserIds: [var first, ..] } ? PageRoom.Cut(first, NameRoom) : null;
}
