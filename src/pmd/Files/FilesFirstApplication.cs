using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Pm.Daemon.Files;

/// <summary>Answers what asks for a file of a repository; hands on everything else.</summary>
sealed class FilesFirstApplication<TContext>(IHttpApplication<TContext> inner, FileResponder files)
    : IHttpApplication<FilesFirstApplication<TContext>.Request> where TContext : notnull
{
    public Request CreateContext(IFeatureCollection contextFeatures) => files.TryClaim(contextFeatures) is { } file
        ? new Request(file, default)
        : new Request(null, inner.CreateContext(contextFeatures));

    public Task ProcessRequestAsync(Request context) => context.File is { } file
        ? FileResponder.AnswerAsync(file)
        : inner.ProcessRequestAsync(context.Inner!);

    public void DisposeContext(Request context, Exception? exception)
    {
        if (context.File is null)
        {
            inner.DisposeContext(context.Inner!, exception);
        }
    }

    internal readonly record struct Request(FileRequest? File, TContext? Inner);
}
