using Pm.Daemon.Output;
using Pm.Daemon.Pages;
using Pm.Daemon.Pages.Errors;

namespace Pm.Daemon.Answers;

/// <summary>
/// The first and the last of the application: an endpoint's exception becomes an answer, and so does what no endpoint took.
/// </summary>
sealed class ErrorAnswers(RequestDelegate next, Notices notices)
{
    /// <summary>For what another process or the next moment may mend.</summary>
    const string RetrySeconds = "2";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await SayAsync(context, error.StatusCode, "PM5207", Plain(error.Message));
        }
#pragma warning disable CA1031 // The one place that catches everything of a request.
        catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            await AnswerAsync(context, Failure.Of(error));
        }
    }

    /// <summary>Last in the line: nothing of that name.</summary>
    public static Task NothingAsync(HttpContext context) => SayAsync(
        context, StatusCodes.Status404NotFound, "PM5208", "there is nothing of this name here", "/.well-known/pm lists the repositories");

    async Task AnswerAsync(HttpContext context, Failure failure)
    {
        var status = StatusTable.Of(failure.Code);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetrySeconds;
        }

        if (status >= StatusCodes.Status500InternalServerError && !StatusTable.IsForEverybody(failure.Code))
        {
            // The operator is told where, the client is not: paths of the machine are nobody's business.
            notices.Error(failure);
            await SayAsync(context, status, failure.Code, status == StatusCodes.Status507InsufficientStorage
                ? "the server has no space left" : "the server cannot do this now; its log says why");
            return;
        }

        if (failure.ForOperator is { } more)
        {
            notices.Error(failure with { Message = more });
        }

        await SayAsync(context, status, failure.Code, failure.Message, failure.Hint);
    }

    /// <summary>To a browser as a page, to all others as JSON.</summary>
    static Task SayAsync(HttpContext context, int status, string code, string message, string? hint = null) => PageFormat.IsBrowser(context.Request)
        ? PageAnswer.WriteAsync(context, new ErrorPage(status, code, message, hint))
        : JsonAnswer.ErrorAsync(context, status, code, message, hint);

    static string Plain(string message) => message.TrimEnd('.').ToLowerInvariant();
}
