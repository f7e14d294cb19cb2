using System.Runtime.CompilerServices;
using Pm.Blobs;
using Pm.Packages;
using Pm.Trust;

namespace Pm.Remotes;

/// <content>Where a remote has mirrors, what one of them gave wrongly is asked of the next: all have the same or are lying.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Who gave the last file to the operation that runs here; several may run at once.</summary>
    readonly AsyncLocal<StrongBox<string?>?> _asked = new();

    volatile string? _lastSource;

    /// <summary>Who gave the last file.</summary>
    public string? LastSource => _lastSource;

    /// <summary>Does something with files of the remote, and once more with each other place while they are not what was signed.</summary>
    async Task<T> FromAnyPlaceAsync<T>(Func<Task<T>> fetchAsync)
    {
        var asked = _asked.Value = new StrongBox<string?>();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await fetchAsync();
            }
            catch (Exception e) when (attempt < _fetcher.Places && IsLie(e))
            {
                // Who says that there is nothing gives no file.
                _fetcher.Distrust(asked.Value ?? _fetcher.Preferred, e);
            }
        }
    }

    void NoteSource(FetchedBody body)
    {
        _lastSource = body.Source;
        _asked.Value?.Value = body.Source;
    }

    /// <summary>What another place may do better; that none of them answers, all have been asked for already.</summary>
    static bool IsLie(Exception failure) => failure is TrustException or BlobMismatchException or PackageFormatException
        or RemoteException { Code: "PM6004" or "PM6006" or "PM6009" or "PM6010" or "PM6012" };
}
