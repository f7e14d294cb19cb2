using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Metrics;
using Pm.Daemon.Routing;
using Pm.Repositories.Serving;
using Pm.Repositories.Serving.Http;

namespace Pm.Daemon.Logging;

/// <summary>Counts and logs every request at its end, whoever answered it.</summary>
sealed class RequestLog
{
    static readonly string[] Kinds = ["file", "events", "api", "server"];

    readonly AccessLog? _log;
    readonly ClientAddress _addresses;
    readonly TimeProvider _time;
    readonly Counter[][] _requests;
    readonly Counter _bytes;
    readonly Histogram _durations;

    [ThreadStatic]
    static ArrayBufferWriter<byte>? _line;

    public RequestLog(AccessLogTarget target, ClientAddress addresses, TimeProvider time, MetricSet metrics)
    {
        _log = target.Log;
        _addresses = addresses;
        _time = time;
        _requests = [.. Kinds.Select(kind => Enumerable.Range(0, 6).Select(status => metrics.Counter("pmd_requests_total",
            "Requests that have ended, by what they asked for and the first digit of their status.",
            $"{MetricSet.Label("kind", kind)},{MetricSet.Label("status", status == 0 ? "none" : $"{status}xx")}")).ToArray())];
        _bytes = metrics.Counter("pmd_sent_bytes_total", "Bytes of files that were sent.");
        _durations = metrics.Histogram("pmd_request_seconds", "How long requests took, events apart.");
        if (_log is not null)
        {
            metrics.Gauge("pmd_access_log_dropped", "Lines of the access log that were dropped because nobody read them.", () => [("", _log.Dropped)]);
        }
    }

    public long Now => _time.GetTimestamp();

    /// <param name="features">Of the request, with its response.</param>
    /// <param name="began">What <see cref="Now"/> was.</param>
    /// <param name="isFile">Whether a file was asked for; then</param>
    /// <param name="bytes">so many were sent.</param>
    public void Ended(IFeatureCollection features, long began, bool isFile, long bytes)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        var duration = _time.GetElapsedTime(began);
        Count(isFile ? 0 : KindOf(request.Path), response.StatusCode, duration, bytes);

        if (_log is not null)
        {
            Write(_log, new RequestRecord
            {
                Client = _addresses.Of(features),
                User = features.Get<RequestUser>()?.Name,
                End = _time.GetUtcNow().UtcDateTime,
                Duration = duration,
                Method = request.Method,
                Target = request.RawTarget,
                Protocol = request.Protocol,
                Status = response.StatusCode,
                Bytes = isFile ? bytes : response.Headers.ContentLength ?? 0,
                Referer = request.Headers.Referer,
                Agent = request.Headers.UserAgent,
            });
        }
    }

    /// <summary>A request for a file that was answered without the web server.</summary>
    /// <param name="head">Of the request.</param>
    /// <param name="peer">Null: over a unix socket.</param>
    /// <param name="began">What <see cref="Now"/> was.</param>
    /// <param name="status">0: the client was gone before it was answered.</param>
    /// <param name="bytes">Of the body.</param>
    public void FileEnded(RequestHead head, IPAddress? peer, long began, int status, long bytes)
    {
        var duration = _time.GetElapsedTime(began);
        Count(0, status, duration, status < StatusCodes.Status300MultipleChoices ? bytes : 0);
        if (_log is null)
        {
            return;
        }

        Write(_log, new RequestRecord
        {
            Client = _addresses.Of(peer, head.ForwardedFor),
            End = _time.GetUtcNow().UtcDateTime,
            Duration = duration,
            Method = head.Method,
            Target = head.Target,
            Protocol = head.Protocol,
            Status = status,
            Bytes = bytes,
            Referer = head.Referer,
            Agent = head.Agent,
        });
    }

    void Count(int kind, int status, TimeSpan duration, long bytes)
    {
        _requests[kind][status / 100 is >= 1 and <= 5 and var digit ? digit : 0].Add();
        _bytes.Add(bytes);
        if (kind != 1)
        {
            _durations.Add(duration);
        }
    }

    static int KindOf(string path) => !path.StartsWith(RepositoryRouting.Prefix, StringComparison.Ordinal) ? 3
        : path.EndsWith("/auto", StringComparison.Ordinal) ? 1 : 2;

    static void Write(AccessLog log, in RequestRecord record)
    {
        var line = _line ??= new ArrayBufferWriter<byte>(1024);
        line.ResetWrittenCount();
        AccessLine.Write(line, record);
        log.Add(line.WrittenSpan);
    }
}
