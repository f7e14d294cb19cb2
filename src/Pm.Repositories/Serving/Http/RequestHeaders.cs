using System.Text;

namespace Pm.Repositories.Serving.Http;

/// <summary>The headers of one request that a server of files looks at; the others are passed over.</summary>
sealed class RequestHeaders
{
    string? _ifMatch;
    string? _ifUnmodifiedSince;
    string? _ifNoneMatch;
    string? _ifModifiedSince;
    string? _ifRange;
    string? _range;
    string? _acceptEncoding;
    string? _agent;
    string? _referer;
    string? _forwardedFor;
    string? _connection;
    string? _length;
    bool _isChunked;
    bool _wantsMore;
    bool _acceptsPage;

    public bool HasHost { get; private set; }

    /// <summary>False: it came before, and two of it contradict each other.</summary>
    public bool TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => name.Length switch
    {
        4 when Is(name, "Host"u8) => TrySetHost(),
        5 when Is(name, "Range"u8) => TrySet(ref _range, value),
        6 when Is(name, "Accept"u8) => NoteAccept(value),
        6 when Is(name, "Expect"u8) => _wantsMore = true,
        7 when Is(name, "Upgrade"u8) => _wantsMore = true,
        7 when Is(name, "Referer"u8) => Set(ref _referer, value),
        8 when Is(name, "If-Match"u8) => SetList(ref _ifMatch, value),
        8 when Is(name, "If-Range"u8) => TrySet(ref _ifRange, value),
        10 when Is(name, "Connection"u8) => SetList(ref _connection, value),
        10 when Is(name, "User-Agent"u8) => Set(ref _agent, value),
        13 when Is(name, "If-None-Match"u8) => SetList(ref _ifNoneMatch, value),
        14 when Is(name, "Content-Length"u8) => TrySet(ref _length, value),
        15 when Is(name, "Accept-Encoding"u8) => SetList(ref _acceptEncoding, value),
        15 when Is(name, "X-Forwarded-For"u8) => Set(ref _forwardedFor, value),
        17 when Is(name, "If-Modified-Since"u8) => TrySet(ref _ifModifiedSince, value),
        17 when Is(name, "Transfer-Encoding"u8) => _isChunked = true,
        19 when Is(name, "If-Unmodified-Since"u8) => TrySet(ref _ifUnmodifiedSince, value),
        _ => true,
    };

    public RequestHead Head(string method, string target, bool isFirstVersion) => new(method, target)
    {
        IsFirstVersion = isFirstVersion,
        Conditions = new FileConditions
        {
            IfMatch = _ifMatch,
            IfUnmodifiedSince = _ifUnmodifiedSince,
            IfNoneMatch = _ifNoneMatch,
            IfModifiedSince = _ifModifiedSince,
            IfRange = _ifRange,
            Range = _range,
        },
        AcceptEncoding = _acceptEncoding,
        Agent = _agent,
        Referer = _referer,
        ForwardedFor = _forwardedFor,
        IsLast = isFirstVersion || _connection?.Contains("close", StringComparison.OrdinalIgnoreCase) == true,
        HasBody = _isChunked || _length is not (null or "0"),
        WantsMore = _wantsMore,
        AcceptsPage = _acceptsPage,
    };

    bool TrySetHost()
    {
        var isFirst = !HasHost;
        HasHost = true;
        return isFirst;
    }

    bool NoteAccept(ReadOnlySpan<byte> value)
    {
        _acceptsPage |= value.IndexOf("text/html"u8) >= 0;
        return true;
    }

    static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected) => Ascii.EqualsIgnoreCase(name, expected);

    static bool TrySet(ref string? member, ReadOnlySpan<byte> value) => member is null && Set(ref member, value);

    /// <summary>A list that came in several headers is one. Source: RFC 9110 5.3.</summary>
    static bool SetList(ref string? member, ReadOnlySpan<byte> value)
    {
        member = member is null ? RequestHeadReader.Text(value, null) : $"{member}, {RequestHeadReader.Text(value, null)}";
        return true;
    }

    static bool Set(ref string? member, ReadOnlySpan<byte> value)
    {
        member = RequestHeadReader.Text(value, member);
        return true;
    }
}
