using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>First trust: a fingerprint that a person gave, or one that is shown and confirmed; never silently.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Looks for the root with the fingerprint a person gave, among all versions the repository has.</summary>
    /// <exception cref="FirstTrustException">PM3025: none has it.</exception>
    /// <exception cref="RemoteException">The repository cannot be read.</exception>
    public Task<OfferedRoot> FindRootAsync(RootFingerprint expected, CancellationToken cancellationToken) =>
        FromAnyPlaceAsync(() => FindRootOnceAsync(expected, cancellationToken));

    async Task<OfferedRoot> FindRootOnceAsync(RootFingerprint expected, CancellationToken cancellationToken)
    {
        Exception? refusal = null;
        OfferedRoot? shown = null;
        try
        {
            shown = await TryOfferAsync(RootName, cancellationToken);
        }
        catch (Exception exception) when (exception is TrustException or RemoteException { Code: "PM6004" })
        {
            // A broken copy keeps nobody from the root that it is to be a copy of: the fingerprint says which is meant.
            refusal = exception;
        }

        if (shown?.Fingerprint == expected)
        {
            return shown;
        }

        OfferedRoot? last = null;
        for (var version = 1; version <= MetadataLimits.RootRotations; version++)
        {
            // Who gives a root and not the next one has no next one; who gives none at all says why.
            var bytes = shown is null && last is null
                ? await TryFetchAsync($"{version}.{RootName}", MetadataLimits.Root, cancellationToken)
                : await TryFetchRootAsync(version, cancellationToken);
            if (bytes is null)
            {
                break;
            }

            last = Offered($"{version}.{RootName}", bytes);
            if (last.Fingerprint == expected)
            {
                return last;
            }
        }

        throw (shown ?? last) is { } newest
            ? new FirstTrustException($"remote `{_remote}`: {_fetcher.Location}: no root has the fingerprint "
                + $"{expected}; its newest has {newest.Fingerprint}", "ask its keeper: `pm repo key --fingerprint DIR` prints it there")
            : refusal ?? NoRepository();
    }

    /// <summary>The root the repository shows now, so that a person can compare its fingerprint.</summary>
    /// <exception cref="RemoteException">PM6003, PM6010: there is no repository.</exception>
    public Task<OfferedRoot> OfferRootAsync(CancellationToken cancellationToken) => FromAnyPlaceAsync(async () =>
        await TryOfferAsync(RootName, cancellationToken)
        ?? await TryOfferAsync($"1.{RootName}", cancellationToken)
        ?? throw NoRepository());

    /// <summary>The root that is believed now; null: none is yet.</summary>
    /// <exception cref="MetadataException">The kept file is damaged.</exception>
    public OfferedRoot? KeptRoot() => _kept.Read(RootName, MetadataLimits.Root) is { } bytes ? Offered(RootName, bytes) : null;

    /// <summary>Makes <paramref name="root"/> the one to start from; metadata of an earlier trust is forgotten.</summary>
    public void Trust(OfferedRoot root)
    {
        // The root goes last: until then the old one and what it signed are refused or whole.
        _kept.Remove(TimestampName);
        _kept.Remove(SnapshotName);
        _kept.Remove(TargetsName);
        _delegated.RemoveAllBut([]);
        _kept.Replace(RootName, root.Bytes);
    }

    async Task<OfferedRoot?> TryOfferAsync(string path, CancellationToken cancellationToken) =>
        await TryFetchAsync(path, MetadataLimits.Root, cancellationToken) is { } bytes ? Offered(path, bytes) : null;

    OfferedRoot Offered(string path, byte[] bytes)
    {
        // Its own signatures are checked, so that nobody compares the fingerprint of something broken. The time does
        // not matter: an old root leads to the newest.
        try
        {
            var root = TrustedMetadataSet.Start(bytes, DateTimeOffset.MinValue, _remote).Root.Content;
            return new OfferedRoot(RootFingerprint.Of(bytes), root.Version, root.Expires, bytes);
        }
        catch (MetadataException exception)
        {
            // It names the file alone, and its place in it.
            throw new MetadataException($"remote `{_remote}`: {Source}/{path}{exception.Message.AsSpan(exception.Message.StartsWith(RootName, StringComparison.Ordinal) ? RootName.Length : 0)}", exception);
        }
    }

    RemoteException NoRepository() => new(
        "PM6010", $"remote `{_remote}`: {_fetcher.Location}: not a repository: no root.json and no 1.root.json");
}
