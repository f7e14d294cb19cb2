using Pm.Simulation.Lying;

namespace Pm.Cli.Tests.Hostile;

/// <summary>What a registry can answer to who pushes, besides what any server can (<see cref="LieTable"/>).</summary>
static class PushLieTable
{
    const string Question = "question";
    const string Begin = "begin";
    const string Upload = "upload";
    const string Naming = "name";

    /// <summary>Of nothing that anybody pushes.</summary>
    static readonly string Other = $"Docker-Content-Digest: sha256:{new string('0', 64)}";

    public static IReadOnlyList<PushLie> All { get; } =
    [
        new(Question, "it is there, with another length", "ok", _ => Head("200 OK", "Content-Length: 3")),
        new(Question, "it is there, without a length", "ok", _ => Head("200 OK", "Connection: close")),
        new(Question, "it is there, with the length of nothing", "ok", _ => Head("200 OK", "Content-Length: 0")),
        new(Question, "it is there, by another digest", "ok", story => Known(story, _ => Other)),
        new(Question, "it is there, and is not", "PM6066", story => Known(story, digest => $"Docker-Content-Digest: {digest}")),
        new(Question, "a body where none may be", "ok", _ => Behind("200 OK", 3)),
        new(Question, "redirect to another host", "ok", story => Lead("307 Temporary Redirect", $"{story.Mirror.Url}/x")),
        new(Question, "redirect to itself for ever", "ok", _ => answer => answer.SendHeadAsync("302 Found", $"Location: {answer.Request.Target}", "Content-Length: 0")),
        new(Question, "redirect to a file", "ok", _ => Lead("301 Moved Permanently", "file:///etc/passwd")),
        new(Question, "redirect from https to http", "ok", story => Lead("302 Found", $"http://{story.Host}/x")) { IsOfOutside = true },
        new(Question, "401 for ever", "PM6061", _ => Ask),
        new(Question, "304 though nothing is cached", "PM6066", _ => Head("304 Not Modified")),
        new(Question, "206 that was not asked for", "PM6066", _ => Head("206 Partial Content", "Content-Length: 0", "Content-Range: bytes 0-0/1")),
        new(Question, "204", "PM6066", _ => Head("204 No Content")),
        new(Question, "500 for ever", "PM6011", _ => Head("500 Internal Server Error", "Content-Length: 0")),
        new(Question, "429 with an absurd Retry-After", "PM6011", _ => Head("429 Too Many Requests", "Content-Length: 0", "Retry-After: 999999999999")),
        new(Question, "endless headers", "PM6012", _ => Lies.EndlessHeadersAsync),
        new(Question, "no answer", "PM6003", _ => Lies.SilenceAsync),

        new(Begin, "a place at another host", "PM6066", story => Lead("202 Accepted", $"{story.Mirror.Url}/v2/tools/x/blobs/uploads/1")),
        new(Begin, "a place at another port", "PM6066", _ => Lead("202 Accepted", "//127.0.0.1:1/v2/tools/x/blobs/uploads/1")),
        new(Begin, "a place at a private address", "PM6066", _ => Lead("202 Accepted", "https://169.254.169.254/latest/meta-data/")) { IsOfOutside = true },
        new(Begin, "a place over http from https", "PM6066", story => Lead("202 Accepted", $"http://{story.Host}/v2/tools/x/blobs/uploads/1")) { IsOfOutside = true },
        new(Begin, "a place in the file system", "PM6066", _ => Lead("202 Accepted", "file:///tmp/evil")),
        new(Begin, "no place", "PM6066", _ => Head("202 Accepted", "Content-Length: 0")),
        new(Begin, "a place that is none", "PM6066", _ => Lead("202 Accepted", "http://[")),
        new(Begin, "a name and a password in the place", "ok", story => answer => answer.SendHeadAsync("202 Accepted", "Content-Length: 0",
            $"Location: {story.Registry.Url.Replace("://", "://eve:evil@", StringComparison.Ordinal)}/{answer.Request.Path}1")),
        new(Begin, "bytes that never came are there already", "ok", _ => answer => answer.SendHeadAsync("202 Accepted", "Content-Length: 0", $"Location: /{answer.Request.Path}1", "Range: 0-999999")),
        new(Begin, "a body without an end", "ok", _ => async answer =>
        {
            await answer.SendHeadAsync("202 Accepted", $"Location: /{answer.Request.Path}1", "Connection: close");
            await PourAsync(answer);
        }),
        new(Begin, "made at once", "PM6066", _ => Lead("201 Created", "/v2/x")),
        new(Begin, "redirect to another host", "PM6066", story => Lead("307 Temporary Redirect", $"{story.Mirror.Url}/x")),
        new(Begin, "401 for ever", "PM6061", _ => Ask),

        new(Upload, "accepted, and never made", "PM6066", _ => answer => answer.SendHeadAsync("202 Accepted", "Content-Length: 0", $"Location: /{answer.Request.Path}", "Range: 0-0")),
        new(Upload, "made, by another digest", "PM6067", _ => Head("201 Created", "Content-Length: 0", Other)),
        new(Upload, "made, and thrown away", "PM6066", _ => Head("201 Created", "Content-Length: 0")),
        new(Upload, "a body without an end, and thrown away", "PM6066", _ => async answer =>
        {
            await answer.SendHeadAsync("201 Created", "Connection: close");
            await PourAsync(answer);
        }),
        new(Upload, "416: other bytes are wanted", "PM6066", _ => Head("416 Range Not Satisfiable", "Content-Length: 0", "Range: 0-5")),
        new(Upload, "413: too large", "PM6066", _ => Head("413 Payload Too Large", "Content-Length: 0")),
        new(Upload, "redirect to another host", "PM6066", story => Lead("307 Temporary Redirect", $"{story.Mirror.Url}/x")),
        new(Upload, "401 for ever", "PM6061", _ => Ask),

        new(Naming, "made, by another digest", "PM6067", _ => Head("201 Created", "Content-Length: 0", Other)),
        new(Naming, "200", "PM6066", _ => Head("200 OK", "Content-Length: 0")),
        new(Naming, "accepted, and never made", "PM6066", _ => Head("202 Accepted", "Content-Length: 0")),
        new(Naming, "redirect to another host", "PM6066", story => Lead("308 Permanent Redirect", $"{story.Mirror.Url}/x")),
        new(Naming, "words that steer the terminal", "PM6066", _ => Refuse("{\"errors\":[{\"code\":\"X\",\"message\":\"\\u001b[2J\\u001b]0;evil\\u0007\"}]}")),
        new(Naming, "words without an end", "PM6066", _ => async answer =>
        {
            await answer.SendHeadAsync("400 Bad Request", "Connection: close");
            await PourAsync(answer);
        }),
        new(Naming, "401 for ever", "PM6061", _ => Ask),
    ];

    static Lie Head(string status, params string[] headers) => answer => answer.SendHeadAsync(status, headers);

    static Lie Lead(string status, string place) => Head(status, $"Location: {place}", "Content-Length: 0");

    static Task Ask(LyingAnswer answer) => answer.SendHeadAsync("401 Unauthorized", "Content-Length: 0", "WWW-Authenticate: Basic realm=\"x\"");

    /// <summary>Says it of what it knows of another artifact.</summary>
    static Lie Known(RegistryStory story, Func<string, string> digest) => answer =>
    {
        var name = answer.Request.Path[(answer.Request.Path.LastIndexOf('/') + 1)..];
        return answer.SendHeadAsync("200 OK", $"Content-Length: {story.Registry.FindBlob(name)!.Length}", digest(name));
    };

    static Lie Behind(string status, int length) => async answer =>
    {
        await answer.SendHeadAsync(status, $"Content-Length: {length}");
        await answer.SendAsync(new byte[length]);
        answer.IsOver = true;
    };

    static Lie Refuse(string body) => async answer =>
    {
        await answer.SendHeadAsync("400 Bad Request", $"Content-Length: {body.Length}");
        await answer.SendAsync(body);
    };

    static async Task PourAsync(LyingAnswer answer)
    {
        var filler = new byte[64 << 10];
        while (!answer.Stop.IsCancellationRequested)
        {
            await answer.SendAsync(filler);
        }
    }
}
