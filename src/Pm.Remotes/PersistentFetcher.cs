using Pm.Remotes.Http;

namespace Pm.Remotes;

/// <summary>
/// Fetches from the first of several places that can: mirrors of one another. One that fails goes to the back for this
/// run; where the failure may pass, it is asked again a little later; an answer that breaks off goes on.
/// </summary>
sealed class PersistentFetcher : IFetcher
{
    readonly Lock _lock = new();
    readonly List<IFetcher> _order;
    readonly HttpSettings _settings;

    /// <param name="places">In the order of preference; they end with this.</param>
    /// <param name="settings">How often, by which clock, and who is told.</param>
    public PersistentFetcher(IEnumerable<IFetcher> places, HttpSettings settings)
    {
        _order = [.. places];
        _settings = settings;
        Location = _order[0].Location;
    }

    public string Location { get; }

    public int Places => _order.Count;

    public string Preferred => Ordered()[0].Location;

    public async Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        var left = Ordered();
        RemoteException? first = null;
        for (var attempt = 1; ; attempt++)
        {
            RemoteException? passing = null;
            foreach (var place in left.ToList())
            {
                try
                {
                    var asked = request with { Waited = new WaitedTime() };
                    if (await place.OpenAsync(asked, cancellationToken) is { } body)
                    {
                        return body with { Content = new ResumedStream(this, place, asked, body) };
                    }

                    if (!request.IsRequired)
                    {
                        return null;
                    }

                    left.Remove(place);
                    Demote(place, $"{place.Location}/{request.Path}: not there");
                }
                catch (RemoteException e)
                {
                    first ??= e;
                    passing ??= e.IsTransient ? e : null;
                    _ = e.IsTransient || left.Remove(place);
                    Demote(place, e.Message);
                }
            }

            if (passing is null || !await WaitAsync(passing, attempt, cancellationToken))
            {
                return first is null ? null : throw first;
            }
        }
    }

    public void Distrust(string source, Exception reason)
    {
        if (_order.Find(place => place.Location == source) is { } place)
        {
            Demote(place, reason.Message.Contains(source, StringComparison.Ordinal) ? reason.Message : $"{source}: {reason.Message}");
        }
    }

    public void Dispose() => _order.ForEach(place => place.Dispose());

    /// <summary>Waits before a further attempt.</summary>
    /// <returns>False where there is to be none.</returns>
    internal async Task<bool> WaitAsync(RemoteException failure, int attempt, CancellationToken cancellationToken)
    {
        if (_settings.IsHasty)
        {
            return attempt == 1 && failure is { IsTransient: true, InnerException: HttpRequestException };
        }

        if (attempt >= _settings.Attempts || RetryRule.Wait(failure, attempt, _settings.Random) is not { } wait)
        {
            return false;
        }

        _settings.Note?.Invoke($"{failure.Message}; trying again");
        await Task.Delay(wait, _settings.Time, cancellationToken);
        return true;
    }

    /// <summary>Puts a place after all others, where there are others.</summary>
    internal void Demote(IFetcher place, string reason)
    {
        lock (_lock)
        {
            if (_order[0] != place || Places == 1)
            {
                return;
            }

            _order.RemoveAt(0);
            _order.Add(place);
        }

        _settings.Note?.Invoke($"{reason}; asking {_order[0].Location}");
    }

    /// <summary>The first place that is none of these; null where there is no other.</summary>
    internal IFetcher? OtherThan(IReadOnlyCollection<IFetcher> tried) => Ordered().Find(place => !tried.Contains(place));

    List<IFetcher> Ordered()
    {
        lock (_lock)
        {
            return [.. _order];
        }
    }
}
