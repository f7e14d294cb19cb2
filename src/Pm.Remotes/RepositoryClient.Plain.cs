using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Remotes;

/// <content>
/// A remote without TUF, as the original has them: <c>available.json</c> and <c>.pkg</c> files. Packages are signed as everywhere;
/// the list is not, so nobody can tell an old state from the present one.
/// </content>
public sealed partial class RepositoryClient
{
    /// <summary>What a remote without signed metadata has in place of it.</summary>
    public const string AvailableName = "available.json";

    /// <summary>Nothing signed says how long a <c>.pkg</c> is: no package is as long.</summary>
    internal const long MaximumUnsignedPkg = 64L * 1024 * 1024 * 1024;

    /// <summary>What nobody signed may take so long, with the root's lock held.</summary>
    internal static readonly TimeSpan LongestUnsignedPkg = TimeSpan.FromHours(6);

    static readonly FetchRequest ListRequest = new(AvailableName, AvailableDocument.MaximumSize)
    {
        IsOfOnePlace = true,
        IsRequired = true,
        LongestTime = TimeSpan.FromHours(1),
    };

    /// <summary>Reads the list of a remote that has no signed metadata.</summary>
    /// <param name="index">What the pull before this one gave; null: there is none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RemoteException">PM6010: it has none; others: not readable.</exception>
    /// <exception cref="PackageFormatException">PM2015: it is no such list.</exception>
    public Task<PullResult> PullPlainAsync(RepositoryIndex? index, CancellationToken cancellationToken) =>
        FromAnyPlaceAsync(async () =>
        {
            var bytes = await TryFetchAsync(ListRequest, cancellationToken) ?? throw new RemoteException(
                "PM6010", $"remote `{_remote}`: {_fetcher.Location}: not a repository: no {AvailableName}");
            var head = HeadOf(bytes);
            return index?.MadeFrom is { Sources: [{ Name: AvailableName }] } made && made.Keys == head.Keys
                ? new PullResult(IsNew: false, DateTimeOffset.MaxValue, null)
                : new PullResult(IsNew: true, DateTimeOffset.MaxValue, UpdateOf(bytes, head, index));
        });

    /// <summary>Whether a place without signed metadata has the original's list.</summary>
    /// <exception cref="RemoteException">Not readable.</exception>
    public async Task<bool> OffersPlainAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await PullPlainAsync(null, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is PackageFormatException or RemoteException { Code: "PM6010" })
        {
            return false;
        }
    }

    /// <summary>The digest of the list stands where that of the keys is else: the same bytes make the same index.</summary>
    static IndexHead HeadOf(byte[] bytes) => new()
    {
        Sources = [new IndexSource(AvailableName, 1, DateTimeOffset.MaxValue)],
        Keys = Sha256Digest.Of(bytes),
        AreSourcesDisjoint = true,
    };

    IndexUpdate UpdateOf(byte[] bytes, IndexHead head, RepositoryIndex? index)
    {
        var update = new IndexUpdate(index) { Head = head };
        foreach (var package in AvailableDocument.Parse(bytes, Named(AvailableName)).Packages)
        {
            // What it is, and who signed it, its .pkg says: nobody vouches for what stands here.
            update.Add(new PublishedTarget(package with { Hash = null, Signer = null, Remote = null }));
        }

        return update;
    }
}
