namespace Pm.Remotes;

/// <summary>Fetches files of one repository. It is not trusted: who uses it checks every byte.</summary>
public interface IFetcher : IDisposable
{
    /// <summary>Where it fetches from, for messages, e.g. <c>file:///srv/packages</c>.</summary>
    string Location { get; }

    /// <summary>How many places it can fetch from: mirrors of one another.</summary>
    int Places => 1;

    /// <summary>The place that is asked first at present.</summary>
    string Preferred => Location;

    /// <summary>Opens a file of the repository.</summary>
    /// <param name="request">Which file, how much of it, and what the caller has of it already.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where the repository says that there is no such file.</returns>
    /// <exception cref="RemoteException">PM6003: the repository cannot be reached or read; PM6004: the file is longer.</exception>
    Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken);

    /// <summary>What came from <see cref="FetchedBody.Source"/> was not what was signed: where there is another place, it is asked from now on.</summary>
    void Distrust(string source, Exception reason)
    {
    }
}
