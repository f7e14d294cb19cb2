using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Routing;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Files;

/// <summary>Answers requests for files: which bytes is decided by <see cref="FileAnswer"/>, this sends them.</summary>
sealed class FileResponder(RepositorySet repositories, TimeProvider time)
{
    /// <summary>Paths below a repository's base that are no files. Source: docs/formats/http.md.</summary>
    public static bool IsEndpoint(ReadOnlySpan<char> path) => path is "" or "auto" or "config.json" || path.StartsWith("api/");

    /// <summary>The request as one for a file; null: it is for the application.</summary>
    public FileRequest? TryClaim(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        if (RequestPath.Decode(request.RawTarget) is not { } path
            || RepositoryRouting.IsOfServer(path)
            || repositories.Resolve(path, out var rest) is not { } repository
            || IsEndpoint(rest)
            || IsForPeople(request, repository, rest))
        {
            return null;
        }

        return new FileRequest(features, repository, rest.ToString());
    }

    /// <summary>What is not there is said to a person as a page, which the application makes.</summary>
    static bool IsForPeople(IHttpRequestFeature request, ServedRepository repository, ReadOnlySpan<char> path)
    {
        if (!request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            return false;
        }

        using var file = repository.Files.Find(path.ToString());
        return file is null;
    }

    public Task AnswerAsync(FileRequest request)
    {
        var features = request.Features;
        var asked = features.GetRequiredFeature<IHttpRequestFeature>();
        var isGet = HttpMethods.IsGet(asked.Method);
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        if (!isGet && !HttpMethods.IsHead(asked.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return SayAsync(features, response, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD are answered here\n");
        }

        var file = request.Repository.Files.Find(request.Path);
        if (file is null)
        {
            return SayAsync(features, response, StatusCodes.Status404NotFound, isGet ? "there is no such file\n" : "");
        }

        var encoded = TakesZstandard(asked, file) ? request.Repository.Files.FindSibling(file) : null;
        var sent = encoded ?? file;
        var answer = FileAnswer.Decide(Conditions(asked.Headers), isGet, sent.Length, sent.EntityTag, sent.Modified);
        WriteHead(response, answer, file, encoded);
        if (!isGet || !answer.HasContent || answer.Count == 0)
        {
            file.Dispose();
            encoded?.Dispose();
            return Task.CompletedTask;
        }

        if (sent.IsInMemory)
        {
            var body = features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
            body.Write(sent.Content.Span.Slice((int)answer.Offset, (int)answer.Count));
            request.SentBytes = answer.Count;
            file.Dispose();
            encoded?.Dispose();
            return Task.CompletedTask;
        }

        return SendAsync(request, file, encoded, answer);
    }

    async Task SendAsync(FileRequest request, ServedFile file, ServedFile? encoded, FileAnswer answer)
    {
        try
        {
            var sent = encoded ?? file;
            var features = request.Features;
            var feature = features.GetRequiredFeature<IHttpResponseBodyFeature>();
            var aborted = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
            await feature.StartAsync();
            var body = feature.Writer;
            using var pace = new SendingPace(time);
            for (long done = 0; done < answer.Count;)
            {
                var wanted = pace.Begin(answer.Count - done);
                var read = sent.Read(body.GetSpan(wanted)[..wanted], answer.Offset + done);
                if (read == 0)
                {
                    // Somebody cut the file. The length is promised: all that is left is to break off.
                    aborted.Abort();
                    return;
                }

                body.Advance(read);
                done += read;
                request.SentBytes = done;
                var flush = await body.FlushAsync(aborted.RequestAborted);
                pace.End();
                if (flush.IsCompleted || flush.IsCanceled)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client is gone.
        }
        finally
        {
            file.Dispose();
            encoded?.Dispose();
        }
    }

    static bool TakesZstandard(IHttpRequestFeature request, ServedFile file) =>
        file.Varies && AcceptedEncoding.TakesZstandard(request.Headers.AcceptEncoding);

    static FileConditions Conditions(IHeaderDictionary headers) => new()
    {
        IfMatch = headers.IfMatch,
        IfUnmodifiedSince = headers.IfUnmodifiedSince,
        IfNoneMatch = headers.IfNoneMatch,
        IfModifiedSince = headers.IfModifiedSince,
        IfRange = headers.IfRange,
        Range = headers.Range,
    };

    static void WriteHead(IHttpResponseFeature response, FileAnswer answer, ServedFile file, ServedFile? encoded)
    {
        var sent = encoded ?? file;
        var headers = response.Headers;
        response.StatusCode = answer.Status;
        headers.ETag = sent.EntityTag;
        headers.LastModified = sent.LastModified;
        headers.CacheControl = file.CacheControl;
        if (file.Varies)
        {
            headers.Vary = "Accept-Encoding";
        }

        switch (answer.Status)
        {
            case 416:
                headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{sent.Length}");
                break;
            case 206:
                headers.ContentRange = string.Create(
                    CultureInfo.InvariantCulture, $"bytes {answer.Offset}-{answer.Offset + answer.Count - 1}/{sent.Length}");
                break;
        }

        if (answer.HasContent)
        {
            headers.AcceptRanges = "bytes";
            headers.ContentType = file.ContentType;
            headers.ContentLength = answer.Count;
            headers.XContentTypeOptions = "nosniff";
            if (encoded is not null)
            {
                headers.ContentEncoding = "zstd";
            }
        }
        else
        {
            headers.ContentLength = answer.Status == 304 ? null : 0;
        }
    }

    static Task SayAsync(IFeatureCollection features, IHttpResponseFeature response, int status, string text)
    {
        response.StatusCode = status;
        response.Headers.ContentType = "text/plain; charset=utf-8";
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        response.Headers.ContentLength = text.Length == 0 ? null : bytes.Length;
        features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.Write(bytes);
        return Task.CompletedTask;
    }
}
