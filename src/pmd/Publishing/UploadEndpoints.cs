using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Pm.Codecs;
using Pm.Daemon.Answers;
using Pm.Daemon.Metrics;
using Pm.Daemon.Routing;
using Pm.Repositories;
using Pm.Repositories.Publishing;
using Pm.Repositories.Uploads;

namespace Pm.Daemon.Publishing;

/// <summary><c>GET, HEAD, PUT api/v1/uploads/DIGEST</c>: lays bytes down, and goes on where an earlier request stopped.</summary>
static class UploadEndpoints
{
    const string OffsetHeader = "Upload-Offset";

    public static void MapUploads(this IEndpointRouteBuilder repository)
    {
        repository.MapRead("api/v1/uploads/{digest}", LookAsync);
        repository.MapPut("api/v1/uploads/{digest}", PutAsync);
    }

    static async Task LookAsync(HttpContext context)
    {
        var (desk, publisher) = await context.RequestServices.GetRequiredService<Doorkeeper>().AdmitAsync(context, "upload", who => who.RequireAnyPublishing());
        var digest = DigestOf(context);
        var state = desk.Find(digest, publisher);
        await AnswerAsync(context, state.IsWhole ? StatusCodes.Status200OK : StatusCodes.Status404NotFound, digest, state.Size);
    }

    static async Task PutAsync(HttpContext context)
    {
        var (desk, publisher) = await context.RequestServices.GetRequiredService<Doorkeeper>().AdmitAsync(context, "upload", who => who.RequireAnyPublishing());
        // Before any answer: of a body that is not needed the web server reads the rest away, or it would close the connection that
        // the client goes on with.
        AllowLong(context);
        var digest = DigestOf(context);
        var state = desk.Find(digest, publisher);
        if (state.IsWhole)
        {
            await AnswerAsync(context, StatusCodes.Status200OK, digest, state.Size);
            return;
        }

        try
        {
            await ReceiveAsync(context, desk, publisher, digest);
        }
        catch (UploadGapException gap)
        {
            SayOffset(context, gap.There);
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status416RangeNotSatisfiable, UploadGapException.Code, gap.Message);
        }
    }

    static async Task ReceiveAsync(HttpContext context, PublishingDesk desk, Publisher publisher, Sha256Digest digest)
    {
        var metrics = context.RequestServices.GetRequiredService<MetricSet>();
        using var receiver = await desk.Uploads.BeginAsync(digest, publisher.Token.Id, RangeOf(context.Request), context.RequestAborted);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, receiver.Stopped);
        try
        {
            await CopyAsync(context, receiver, metrics, either.Token);
        }
        catch (OperationCanceledException) when (receiver.Stopped.IsCancellationRequested)
        {
            // Another request of the same client goes on with it: nobody waits for this answer.
            context.Abort();
            return;
        }

        // The disk is waited for, and thousands of others must not wait with it.
        var isWhole = await Task.Factory.StartNew(
            receiver.Finish, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        metrics.Counter("pmd_uploads_total", "Requests that brought bytes.", MetricSet.Label("result", isWhole ? "whole" : "part")).Add();
        await AnswerAsync(context, isWhole ? StatusCodes.Status201Created : StatusCodes.Status202Accepted, digest, receiver.Size);
    }

    static async Task CopyAsync(HttpContext context, UploadReceiver receiver, MetricSet metrics, CancellationToken cancellation)
    {
        var bytes = metrics.Counter("pmd_upload_bytes_total", "Bytes of uploads that came.");
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            try
            {
                foreach (var segment in read.Buffer)
                {
                    receiver.Append(segment.Span);
                }

                bytes.Add(read.Buffer.Length);
            }
            finally
            {
                // What is refused is taken, too: the web server reads the rest away, so that the client is not cut off before the answer.
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>The receiver has limits of its own, and says which it was.</summary>
    static void AllowLong(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } length)
        {
            length.MaxRequestBodySize = null;
        }
    }

    static UploadRange RangeOf(HttpRequest request) =>
        request.Headers.ContentRange.ToString() is { Length: > 0 } range
            ? UploadRange.Parse(range, request.ContentLength)
            : UploadRange.Whole(request.ContentLength);

    static Sha256Digest DigestOf(HttpContext context)
    {
        var text = (string)context.GetRouteValue("digest")!;
        return text.Length == 64 && !text.AsSpan().ContainsAnyExceptInRange('0', 'f') && Sha256Digest.TryParse(text, CultureInfo.InvariantCulture, out var digest)
            && digest.ToString() == text
                ? digest
                : throw new RepositoryException("PM5039", $"uploads/{Trust.ShownText.Of(text)}: expected the SHA-256 of the file, 64 lower-case hexadecimal digits");
    }

    static void SayOffset(HttpContext context, long size) =>
        context.Response.Headers[OffsetHeader] = size.ToString(CultureInfo.InvariantCulture);

    static Task AnswerAsync(HttpContext context, int status, Sha256Digest digest, long size)
    {
        SayOffset(context, size);
        return JsonAnswer.WritePrivateAsync(context, status, "upload", json =>
        {
            json.WriteStartObject();
            json.WriteString("sha256"u8, digest.ToString());
            json.WriteNumber("size"u8, size);
            json.WriteEndObject();
        });
    }
}
