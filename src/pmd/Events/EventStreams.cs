using System.Net;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Events;

/// <summary>How many listen for events; each holds a connection for as long as it likes. No address takes all of them.</summary>
sealed class EventStreams(IHostApplicationLifetime lifetime)
{
    public const int Maximum = 1000;

    /// <summary>Of one address: many developers may sit behind it.</summary>
    public const int MaximumOfAddress = 100;

    readonly AddressShares _shares = new(MaximumOfAddress);

    public int Count => _shares.Count;

    /// <summary>They would else keep the server from stopping.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Null: there are enough. Disposed at the end.</summary>
    /// <param name="address">Null: of nobody in particular, behind a unix socket.</param>
    public IDisposable? TryBegin(IPAddress? address)
    {
        var place = _shares.TryEnter(address);
        if (place is null || _shares.Count <= Maximum)
        {
            return place;
        }

        place.Dispose();
        return null;
    }
}
