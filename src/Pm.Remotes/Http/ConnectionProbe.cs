using System.Net;

namespace Pm.Remotes.Http;

/// <summary>Goes the way to a URL step by step and says how far it came.</summary>
public static class ConnectionProbe
{
    /// <summary>All steps that were made; the last one failed unless it is the answer.</summary>
    /// <exception cref="RemoteException">PM6015: the file of authorities cannot be used; PM7504: nobody may be asked.</exception>
    public static async Task<IReadOnlyList<ProbeStep>> RunAsync(string url, HttpSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (HostName.UrlOf(url) is not { Scheme: "http" or "https" } place)
        {
            return [new ProbeStep("url", IsGood: false, $"`{Trust.ShownText.Of(url)}` is not a URL of http or https")];
        }

        settings.RequireOnline(place);
        using var transport = new HttpTransport(settings);
        var proxy = settings.Proxies.For(place);
        var steps = new List<ProbeStep> { new("proxy", IsGood: true, proxy?.ToString() ?? "none on this way") };
        var isConnected = await ConnectAsync(place, proxy, settings, steps, cancellation);
        if (isConnected)
        {
            await AskAsync(place, proxy, transport, steps, cancellation);
        }

        return steps;
    }

    static async Task<bool> ConnectAsync(Uri url, ProxyUrl? proxy, HttpSettings settings, List<ProbeStep> steps, CancellationToken cancellation)
    {
        var place = proxy?.Place ?? new DnsEndPoint(url.DnsSafeHost, url.Port);
        var start = settings.Time.GetTimestamp();
        try
        {
            await using var stream = await new Dialer(settings).DialAsync(place, refusesLocal: false, cancellation);
            steps.Add(new ProbeStep(
                "connection", IsGood: true, $"{place.Host} port {place.Port} after {settings.Time.GetElapsedTime(start).TotalMilliseconds:0} ms"));
            return true;
        }
        catch (RemoteException e)
        {
            var hint = proxy is null ? null : "is that the address of the proxy, and does it run? `--proxy none` goes without one";
            steps.Add(new ProbeStep("connection", IsGood: false, e.Message, hint));
            return false;
        }
    }

    static async Task AskAsync(Uri place, ProxyUrl? proxy, HttpTransport transport, List<ProbeStep> steps, CancellationToken cancellation)
    {
        var isTunnel = proxy is not null && place.Scheme == "https";
        try
        {
            using var answer = await transport.GetAsync(new HttpCall(place), cancellation);
            AddGood(isTunnel, place.Scheme == "https", steps, place);
            var moved = answer.Url == place ? "" : $" from {answer.Url.AbsoluteUri}";
            var isGood = (int)answer.Status is >= 200 and < 300;
            steps.Add(new ProbeStep("answer", isGood, $"{(int)answer.Status} {Trust.ShownText.Of(answer.Response.ReasonPhrase ?? "")}{moved}"));
        }
        catch (RemoteException e)
        {
            var isProxy = e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError };
            var isCertificate = e.Code == "PM6013";
            AddGood(isTunnel && !isProxy, isCertificate: false, steps, place);
            steps.Add(new ProbeStep(isProxy ? "tunnel" : isCertificate ? "certificate" : "answer", IsGood: false, e.Message, HintOf(e, place)));
        }
    }

    /// <summary>Whoever goes the way is not sent it once more.</summary>
    static string? HintOf(RemoteException failure, Uri place) => failure.Hint == HttpFailure.Way(place) ? null : failure.Hint;

    static void AddGood(bool isTunnel, bool isCertificate, List<ProbeStep> steps, Uri place)
    {
        if (isTunnel)
        {
            steps.Add(new ProbeStep("tunnel", IsGood: true, $"the proxy lets through to {place.Host} port {place.Port}"));
        }

        if (isCertificate)
        {
            steps.Add(new ProbeStep("certificate", IsGood: true, $"of {place.Host}, by an authority that is believed"));
        }
    }
}
