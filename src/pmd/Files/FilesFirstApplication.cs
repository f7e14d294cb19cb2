using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Logging;

namespace Pm.Daemon.Files;

/// <summary>Answers what asks for a file of a repository; hands on everything else.</summary>
sealed class FilesFirstApplication<TContext>(IHttpApplication<TContext> inner, FileResponder files, RequestLog log)
    : IHttpApplication<FilesFirstApplication<TContext>.Request> where TContext : notnull
{
    public Request CreateContext(IFeatureCollection contextFeatures)
    {
        var began = log.Now;
        return files.TryClaim(contextFeatures) is { } file
            ? new Request(contextFeatures, began, file, default)
            : new Request(contextFeatures, began, null, inner.CreateContext(contextFeatures));
    }

    public Task ProcessRequestAsync(Request context) => context.File is { } file
        ? files.AnswerAsync(file)
        : inner.ProcessRequestAsync(context.Inner!);

    public void DisposeContext(Request context, Exception? exception)
    {
        log.Ended(context.Features, context.Began, context.File is not null, context.File?.SentBytes ?? 0);
        if (context.File is null)
        {
            inner.DisposeContext(context.Inner!, exception);
        }
    }

    internal readonly record struct Request(IFeatureCollection Features, long Began, FileRequest? File, TContext? Inner);
}
