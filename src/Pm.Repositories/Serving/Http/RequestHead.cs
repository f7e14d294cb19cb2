
namespace Pm.Repositories.Serving.Http;

/// <summary>What a request says before its body, as far as a server of files needs it.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Target">As sent.</param>
public sealed record RequestHead(string Method, string Target)
{
    /// <summary>HTTP/1.0 ends a connection after each answer.</summary>
    public bool IsFirstVersion { get; init; }

    public FileConditions Conditions { get; init; }

    public string? AcceptEncoding { get; init; }

    public string? Agent { get; init; }

    public string? Referer { get; init; }

    /// <summary>The last proxy's <c>X-Forwarded-For</c>.</summary>
    public string? ForwardedFor { get; init; }

    /// <summary>The client said that no further request comes.</summary>
    public bool IsLast { get; init; }

    /// <summary>A body follows, which a server of files does not read.</summary>
    public bool HasBody { get; init; }

    /// <summary>The client wants another protocol, or to be asked before it goes on.</summary>
    public bool WantsMore { get; init; }

    /// <summary>The client names HTML, as browsers do.</summary>
    public bool AcceptsPage { get; init; }

    public bool IsHead => Method == "HEAD";

    public bool IsGet => Method == "GET";

    public string Protocol => IsFirstVersion ? "HTTP/1.0" : "HTTP/1.1";
}
