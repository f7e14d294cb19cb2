using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Pm.Remotes.Http;

/// <summary>When a request is made again, and how long pm waits before: twice as long each time, spread by chance.</summary>
static class RetryRule
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    /// <summary>A server that asks for more is not waited for.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(30);

    /// <summary>Answers that say that it may be another a little later.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.GatewayTimeout;

    /// <summary>Does what may be done twice until it succeeds, or until it is clear that it will not.</summary>
    /// <param name="settings">How often, and with which clock.</param>
    /// <param name="attempt">Tries it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="hasGotOn">Whether the last try brought it further: then it counts as the first.</param>
    public static async Task<T> PersistAsync<T>(HttpSettings settings, Func<Task<T>> attempt, CancellationToken cancellation, Func<bool>? hasGotOn = null)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await attempt();
            }
            catch (RemoteException e) when (Wait(e, tries, settings.Random) is { } wait)
            {
                tries = hasGotOn?.Invoke() == true ? 1 : tries;
                if (tries >= settings.Attempts)
                {
                    throw;
                }

                settings.Note?.Invoke($"{e.Message}; trying again");
                await Task.Delay(wait, settings.Time, cancellation);
            }
        }
    }

    /// <summary>How long to wait after a failure; null where trying again is of no use.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="attempt">How often it was tried: 1 and more.</param>
    /// <param name="random">Spreads it over the half below.</param>
    public static TimeSpan? Wait(RemoteException failure, int attempt, Random random)
    {
        if (!failure.IsTransient || failure.RetryAfter > LongestAsked)
        {
            return null;
        }

        var doubled = First * Math.Pow(2, Math.Min(attempt - 1, 10));
        var spread = (doubled < Longest ? doubled : Longest) * (0.5 + (random.NextDouble() / 2));
        return failure.RetryAfter is { } asked && asked > spread ? asked : spread;
    }

    /// <summary>Seconds or a date (RFC 9110, 10.2.3); a date is held against the server's own clock, which may be any.</summary>
    public static TimeSpan? Asked(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values) || values.FirstOrDefault() is not { } text)
        {
            return null;
        }

        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        // Digits beyond 32 bits are a wait without end as well.
        return text.Length > 0 && text.All(char.IsAsciiDigit) ? TimeSpan.MaxValue
            : headers is { RetryAfter.Date: { } date, Date: { } now } && date > now ? date - now
            : null;
    }
}
