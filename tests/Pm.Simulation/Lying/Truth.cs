using System.Security.Cryptography;

namespace Pm.Simulation.Lying;

/// <summary>What an honest static server says: whole files, one range, strong ETags, 404.</summary>
public static class Truth
{
    public static async Task TellAsync(LyingAnswer answer)
    {
        if (answer.Content is not { } content)
        {
            await answer.SendHeadAsync("404 Not Found", "Content-Length: 0");
            return;
        }

        var tag = Tag(content);
        var isSame = !answer.Request.Headers.TryGetValue("if-range", out var wanted) || wanted == tag;
        var offset = isSame ? answer.Offset : 0;
        if (offset > 0 && offset >= content.Length)
        {
            await answer.SendHeadAsync("416 Range Not Satisfiable", "Content-Length: 0", $"Content-Range: bytes */{content.Length}");
            return;
        }

        string[] headers = [$"Content-Length: {content.Length - offset}", $"ETag: {tag}"];
        await (offset == 0
            ? answer.SendHeadAsync("200 OK", headers)
            : answer.SendHeadAsync("206 Partial Content", [.. headers, $"Content-Range: bytes {offset}-{content.Length - 1}/{content.Length}"]));
        await answer.SendAsync(content.AsMemory(offset));
    }

    public static string Tag(byte[] content) => $"\"{Convert.ToHexString(SHA256.HashData(content), 0, 8)}\"";
}
