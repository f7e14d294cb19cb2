using Pm.Blobs;
using Pm.Packages;
using Pm.Trust;

namespace Pm.Remotes;

/// <content>Where a remote has mirrors, what one of them gave wrongly is asked of the next: all have the same or are lying.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Who gave the last file.</summary>
    public string? LastSource => _lastSource;

    /// <summary>Does something with files of the remote, and once more with each other place while they are not what was signed.</summary>
    async Task<T> FromAnyPlaceAsync<T>(Func<Task<T>> fetchAsync)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await fetchAsync();
            }
            catch (Exception e) when (attempt < _fetcher.Places && _lastSource is { } source && IsLie(e))
            {
                _fetcher.Distrust(source, e);
            }
        }
    }

    /// <summary>What another place may do better; that none of them answers, all have been asked for already.</summary>
    static bool IsLie(Exception failure) => failure is TrustException or BlobMismatchException or PackageFormatException
        or RemoteException { Code: "PM6004" or "PM6006" or "PM6009" or "PM6012" };
}
