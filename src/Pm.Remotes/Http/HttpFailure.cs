using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Pm.Remotes.Http;

/// <summary>What went wrong on the way to a server or back, in words.</summary>
static class HttpFailure
{
    /// <summary>A body that broke off.</summary>
    /// <param name="url">Whose answer it was.</param>
    /// <param name="failure">What the framework says.</param>
    /// <param name="position">How much of the file came.</param>
    /// <param name="length">How much was announced; null where nothing was.</param>
    public static RemoteException Of(Uri url, Exception failure, long position, long? length)
    {
        var told = Of(url, failure);
        if (!told.IsTransient)
        {
            return told;
        }

        var expected = length is null ? "" : $"expected {length} bytes, ";
        return new RemoteException(told.Code, $"{url.AbsoluteUri}: {expected}the answer ended after {position} bytes", Way(url), failure)
        {
            IsTransient = true,
        };
    }

    /// <summary>The command that goes the way there step by step; which file was asked for does not matter to it.</summary>
    public static string Way(Uri url) => $"pm doctor {url.GetLeftPart(UriPartial.Authority)}/";

    /// <summary>A request that got no answer.</summary>
    public static RemoteException Of(Uri url, Exception failure, ProxyUrl? proxy = null)
    {
        var through = proxy is null ? "" : $" (through the proxy {proxy})";
        if (Told(failure) is { } told)
        {
            return new RemoteException(told.Code, $"{url.AbsoluteUri}: {told.Message}{through}", told.Hint ?? Way(url), failure)
            {
                IsTransient = told.IsTransient,
            };
        }

        var error = (failure as HttpRequestException)?.HttpRequestError ?? (failure as HttpIOException)?.HttpRequestError;
        var why = error switch
        {
            HttpRequestError.ResponseEnded => "the answer ended before it was complete",
            HttpRequestError.ConfigurationLimitExceeded => "the headers of the answer are longer than pm reads",
            HttpRequestError.ProxyTunnelError when failure is HttpRequestException { StatusCode: { } status } =>
                $"the proxy does not lead there: it answered {(int)status}",
            HttpRequestError.SecureConnectionError when IsPlain(failure) => "what answers there does not speak TLS",
            HttpRequestError.SecureConnectionError => $"no encrypted connection: {Innermost(failure)}",
            HttpRequestError.InvalidResponse => $"not an answer of HTTP: {Innermost(failure)}",
            _ => Innermost(failure),
        };
        var isStrange = error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded;
        var hint = IsPlain(failure) ? $"is it http://{url.Authority}/, or another port?" : Way(url);
        return new RemoteException(isStrange ? "PM6012" : "PM6003", $"{url.AbsoluteUri}: {why}{through}", hint, failure)
        {
            IsTransient = error is HttpRequestError.ResponseEnded || IsBroken(failure),
        };
    }

    /// <summary>An answer that is none: its status says why.</summary>
    public static RemoteException Of(Uri url, HttpResponseMessage answer)
    {
        var asked = RetryRule.Asked(answer.Headers);
        var phrase = Trust.ShownText.Of(answer.ReasonPhrase ?? answer.StatusCode.ToString());
        var wait = asked is { } time ? $"; it asks to come back in {Seconds(time)}" : "";
        return new RemoteException("PM6011", $"{url.AbsoluteUri}: expected 200 OK, got {(int)answer.StatusCode} {phrase}{wait}")
        {
            IsTransient = RetryRule.IsTransient(answer.StatusCode),
            IsForbidden = answer.StatusCode is HttpStatusCode.Forbidden,
            RetryAfter = asked,
        };
    }

    /// <summary>A message of the framework in the house's form.</summary>
    public static string Plain(string message)
    {
        var text = message.TrimEnd('.', ' ').Replace('\'', '`');
        return text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }

    static string Seconds(TimeSpan time) => time > TimeSpan.FromDays(365) ? "more than a year" : $"{time.TotalSeconds:0.###} seconds";

    static RemoteException? Told(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is RemoteException told)
            {
                return told;
            }
        }

        return null;
    }

    static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        // The framework puts the kind of the error behind it.
        var text = failure.Message;
        return Trust.ShownText.Of(Plain(text.EndsWith(')') && text.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var end ? text[..end] : text));
    }

    /// <summary>What came in place of TLS was not even of its form; a server that speaks it and fails says so by an alert, which is an inner exception.</summary>
    static bool IsPlain(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException { InnerException: null } };

    static bool IsBroken(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.TimedOut })
            {
                return true;
            }
        }

        return false;
    }
}
