using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Answers;
using Pm.Daemon.Logging;
using Pm.Daemon.Routing;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Events;

/// <summary>
/// <c>GET BASE/auto</c>: tells at once and at every change which version the repository has, so that who develops sees a
/// new package without asking. Server-sent events as Fuchsia's <c>pm serve</c> sends them.
/// </summary>
static class EventEndpoints
{
    /// <summary>A comment now and then shows a connection that nobody holds any more.</summary>
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    public static void MapEvents(this IEndpointRouteBuilder repository) => repository.MapGet("auto", TellAsync);

    static async Task TellAsync(HttpContext context)
    {
        var streams = context.RequestServices.GetRequiredService<EventStreams>();
        using var stream = streams.TryBegin(context.RequestServices.GetRequiredService<ClientAddress>().Of(context.Features));
        if (stream is null)
        {
            context.Response.Headers.RetryAfter = "10";
            await JsonAnswer.ErrorAsync(
                context, StatusCodes.Status503ServiceUnavailable, "PM5209", $"{EventStreams.Maximum} clients, or {EventStreams.MaximumOfAddress} from this address, listen for events already");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, streams.Stopping);
        try
        {
            await TellAsync(context, context.Repository(), end.Token);
        }
        catch (OperationCanceledException)
        {
            // The client is gone, or the server stops.
        }
    }

    static async Task TellAsync(HttpContext context, ServedRepository repository, CancellationToken end)
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var told = 0L;
        while (true)
        {
            // Asked for before looking, so that no change falls between.
            var changed = repository.Changed;
            var line = Version(repository) is { } version && version != told ? $"event: timestamp.json\ndata: {told = version}\n\n" : ":\n\n";
            // Not to be ended by a stop: Kestrel resets the connection of who is being written to then, who would take it for a failure.
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            try
            {
                await changed.WaitAsync(Heartbeat, time, end);
            }
            catch (TimeoutException)
            {
            }
        }
    }

    /// <summary>Null while the file is missing or damaged: the next change may mend it.</summary>
    static long? Version(ServedRepository repository)
    {
        try
        {
            return repository.Version;
        }
        catch (Exception error) when (error is RepositoryException or Pm.Linux.SystemCallException)
        {
            return null;
        }
    }
}
