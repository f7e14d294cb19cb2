using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Pm.Repositories.Serving;
using Pm.Repositories.Serving.Http;

namespace Pm.Daemon.Files;

/// <summary>Answers requests for files: which bytes and headers is decided in <see cref="Pm.Repositories.Serving"/>, this sends them.</summary>
sealed class FileResponder(RepositorySet repositories, TimeProvider time)
{
    /// <summary>The request as one for a file; null: it is for the application.</summary>
    public FileRequest? TryClaim(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        if (RequestPath.Decode(request.RawTarget) is not { } path
            || ServerPaths.IsOfServer(path)
            || repositories.Resolve(path, out var rest) is not { } repository
            || ServerPaths.IsEndpoint(rest)
            || IsForPeople(request, repository, rest))
        {
            return null;
        }

        return new FileRequest(features, repository, rest.ToString());
    }

    /// <summary>What is not there is said to a person as a page, which the application makes.</summary>
    static bool IsForPeople(IHttpRequestFeature request, ServedRepository repository, ReadOnlySpan<char> path) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) && repository.Files.IsAbsent(path);

    public Task AnswerAsync(FileRequest request)
    {
        var asked = request.Features.GetRequiredFeature<IHttpRequestFeature>();
        var isGet = HttpMethods.IsGet(asked.Method);
        if (!isGet && !HttpMethods.IsHead(asked.Method))
        {
            return SayAsync(request, PlainAnswer.OnlyReading, hasBody: true);
        }

        if (request.Repository.Files.Choose(request.Path, asked.Headers.AcceptEncoding, out var choice) is { } refusal)
        {
            return SayAsync(request, refusal, hasBody: isGet);
        }

        var answer = choice.Answer(Conditions(asked.Headers), isGet);
        var response = request.Features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = answer.Status;
        var head = new ResponseHeaders(response.Headers);
        FileHead.Write(ref head, answer, choice);
        if (isGet && answer is { HasContent: true, Count: > 0 } && !choice.Sent.IsInMemory)
        {
            return SendAsync(request, choice, answer);
        }

        using (choice)
        {
            if (isGet && answer.HasContent)
            {
                Body(request).Writer.Write(choice.Sent.Content.Span.Slice((int)answer.Offset, (int)answer.Count));
                request.SentBytes = answer.Count;
            }
        }

        return Task.CompletedTask;
    }

    async Task SendAsync(FileRequest request, FileChoice choice, FileAnswer answer)
    {
        try
        {
            await Body(request).StartAsync();
            await SendPiecesAsync(request, choice.Sent, answer);
        }
        catch (OperationCanceledException)
        {
            // The client is gone.
        }
        finally
        {
            choice.Dispose();
        }
    }

    async Task SendPiecesAsync(FileRequest request, ServedFile sent, FileAnswer answer)
    {
        var aborted = request.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var body = Body(request).Writer;
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

    static FileConditions Conditions(IHeaderDictionary headers) => new()
    {
        IfMatch = headers.IfMatch,
        IfUnmodifiedSince = headers.IfUnmodifiedSince,
        IfNoneMatch = headers.IfNoneMatch,
        IfModifiedSince = headers.IfModifiedSince,
        IfRange = headers.IfRange,
        Range = headers.Range,
    };

    static Task SayAsync(FileRequest request, PlainAnswer answer, bool hasBody)
    {
        var response = request.Features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = answer.Status;
        response.Headers.ContentType = PlainAnswer.ContentType;
        response.Headers.ContentLength = answer.Text.Length;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (hasBody)
        {
            Body(request).Writer.Write(System.Text.Encoding.ASCII.GetBytes(answer.Text));
        }

        return Task.CompletedTask;
    }

    static IHttpResponseBodyFeature Body(FileRequest request) => request.Features.GetRequiredFeature<IHttpResponseBodyFeature>();

    /// <summary>The web server's own dictionary, as the one who says which headers there are sees it.</summary>
    readonly struct ResponseHeaders(IHeaderDictionary headers) : IFileHead
    {
        public void Add(string name, string value) => headers[name] = value;

        public void AddLength(long count) => headers.ContentLength = count;

        public void AddRange((long First, long Last)? range, long length) => headers.ContentRange = range is var (first, last)
            ? string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{length}")
            : string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
    }
}
