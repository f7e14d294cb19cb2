using System.Net;
using Pm.Remotes.Http;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>What a server says when it does not do what it is asked: kind <c>error</c> of docs/formats/http.md.</summary>
static class ServerRefusal
{
    const int MaximumText = 2000;

    /// <summary>The refusal in the server's own words, which are a stranger's; or of what is not a pmd.</summary>
    public static RemoteException Of(RemoteUrl url, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var asked = RetryRule.Asked(response.Headers);
        var isTransient = RetryRule.IsTransient(response.StatusCode);
        return Read(body) is { } refusal
            ? new RemoteException(refusal.Code, $"{url}: {refusal.Message}", refusal.Hint is null ? null : $"the server says: {refusal.Hint}")
            {
                // Bytes that changed on their way may come whole the next time.
                IsTransient = isTransient || refusal.Code == "PM5034",
                RetryAfter = asked,
            }
            : isTransient ? HttpFailure.Of(new Uri(url.Text), response)
            : new RemoteException("PM6050", $"{url}: nothing is published there: {Why(response)}", "only a pmd takes packages over the network: `pm serve DIR`");
    }

    static string Why(HttpResponseMessage response) => RedirectRule.IsRedirect(response.StatusCode)
        ? $"it leads elsewhere ({(int)response.StatusCode}), where a token is not sent: give the URL that it leads to"
        : response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
            ? $"no repository of a pmd answers ({(int)response.StatusCode})"
            : $"got {(int)response.StatusCode} {ShownText.Of(response.ReasonPhrase ?? "")}";

    static (string Code, string Message, string? Hint)? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = new JsonFields(StrictJson.Parse(body.Span, ServerDocument.MaximumLength, "answer"), "answer");
            var data = document.Child("data");
            return document.Text("schema") == ServerDocument.Schema && document.Text("kind") == "error" && IsCode(data.Text("code"))
                ? (data.Text("code"), Cut(data.Text("message")), data.FindText("hint") is { } hint ? Cut(hint) : null)
                : null;
        }
        catch (MetadataException)
        {
            return null;
        }
    }

    /// <summary>What went wrong at the server; what PM6nnn and PM7nnn say, of the way there and of this root, only pm can know.</summary>
    static bool IsCode(string text) => text is ['P', 'M', not ('6' or '7'), _, _, _] && text.AsSpan(2).ContainsAnyExceptInRange('0', '9') is false;

    static string Cut(string text) => text.Length <= MaximumText ? text : text[..MaximumText] + "…";
}
