using System.Globalization;
using System.Text;

namespace Pm.Simulation.Lying;

/// <summary>What only the server of a git repository can say.</summary>
public static class GitLies
{
    static readonly string[] Strange =
    [
        "refs/heads/--upload-pack=touch", "refs/heads/../../../evil", "refs/heads/\u001b]0;title\u0007", "refs/heads/a b", "../../evil", "--upload-pack=touch",
        "refs/heads/x:refs/heads/main", "refs/heads/*", "", "HEAD symref-target:refs/heads/--upload-pack=touch", "HEAD symref-target:refs/heads/*",
    ];

    /// <summary>Names, before those that there are, that a client could take for something else.</summary>
    public static async Task StrangeNamesAsync(LyingAnswer answer)
    {
        if (!GitGateway.IsAbout(answer.Request, "ls-refs"))
        {
            await Truth.TellAsync(answer);
            return;
        }

        var lines = string.Concat(Strange.Select(name => Line($"{new string('a', 40)} {name}\n")));
        await answer.SendHeadAsync("200 OK", $"Content-Length: {lines.Length + answer.Content!.Length}");
        await answer.SendAsync(lines);
        await answer.SendAsync(answer.Content);
    }

    /// <summary>A pack with one file in it that has no end, as far as the honest answer has one with objects.</summary>
    public static async Task EndlessPackAsync(LyingAnswer answer)
    {
        var begin = answer.Content.AsSpan().IndexOf(Pack);
        await answer.SendHeadAsync("200 OK", "Connection: close");
        await answer.SendAsync(answer.Content!.AsMemory(0, begin + Pack.Length));

        // Version 2, one object; a file (3) of 2^39 bytes; then zlib's header, and blocks that are not compressed. Source: gitformat-pack(5), RFC 1950, 1951.
        await SendPartAsync(answer, (byte[])[.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 1, 0b1011_0000, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0x78, 0x01]);
        var noise = new byte[ushort.MaxValue];
        new Random(1).NextBytes(noise);
        while (!answer.Stop.IsCancellationRequested)
        {
            await SendPartAsync(answer, (byte[])[0, 0xff, 0xff, 0, 0]);
            await SendPartAsync(answer, noise.AsMemory(0, 40_000));
            await SendPartAsync(answer, noise.AsMemory(40_000));
        }
    }

    /// <summary>A bit of an object is another one.</summary>
    public static async Task SpoiltPackAsync(LyingAnswer answer)
    {
        var content = answer.Content!.ToArray();
        var begin = content.AsSpan().IndexOf("PACK"u8);
        content[begin + ((content.Length - begin) / 2)] ^= 4;
        await answer.SendHeadAsync("200 OK", $"Content-Length: {content.Length}");
        await answer.SendAsync(content);
    }

    /// <summary>Objects come behind this. Source: gitprotocol-v2(5), "fetch".</summary>
    static ReadOnlySpan<byte> Pack => "000dpackfile\n"u8;

    static Task SendPartAsync(LyingAnswer answer, ReadOnlyMemory<byte> bytes) =>
        answer.SendAsync((byte[])[.. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length + 5:x4}\u0001")), .. bytes.Span]);

    /// <summary>Source: gitprotocol-common(5), "pkt-line Format".</summary>
    public static string Line(string text) => string.Create(CultureInfo.InvariantCulture, $"{Encoding.Latin1.GetByteCount(text) + 4:x4}{text}");
}
