namespace Pm.Simulation.Lying;

/// <summary>What a web server can do to a client, one by one.</summary>
public static class Lies
{
    const string Ok = "200 OK";

    /// <summary>How much of a body comes before something happens to it.</summary>
    const int Part = 5;

    // Length and framing.

    /// <summary>The body ends before its Content-Length, at every request anew.</summary>
    public static async Task ShortBodyAsync(LyingAnswer answer)
    {
        await HeadAsync(answer);
        await answer.SendAsync(Rest(answer)[..Math.Min(Part, Rest(answer).Length)]);
        answer.IsOver = true;
    }

    /// <summary>More bytes than the Content-Length says.</summary>
    public static async Task LongBodyAsync(LyingAnswer answer)
    {
        await Truth.TellAsync(answer);
        await answer.SendAsync("and more");
        answer.IsOver = true;
    }

    /// <summary>No length, and no end.</summary>
    public static async Task EndlessBodyAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync(Ok, "Connection: close");
        var filler = new byte[64 * 1024];
        while (!answer.Stop.IsCancellationRequested)
        {
            await answer.SendAsync(filler);
        }
    }

    public static Task TwoLengthsAsync(LyingAnswer answer) => SayAsync(answer, $"Content-Length: {answer.Content!.Length}", "Content-Length: 3");

    public static async Task LengthAndChunksAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync(Ok, $"Content-Length: {answer.Content!.Length}", "Transfer-Encoding: chunked");
        await SendChunkAsync(answer, answer.Content);
        await answer.SendAsync("0\r\n\r\n");
        answer.IsOver = true;
    }

    /// <summary>A chunk of that size, whatever it is.</summary>
    public static Lie ChunkSize(string size) => async answer =>
    {
        await answer.SendHeadAsync(Ok, "Transfer-Encoding: chunked");
        await answer.SendAsync($"{size}\r\n");
        await answer.SendAsync(answer.Content);
        await answer.SendAsync("\r\n0\r\n\r\n");
        answer.IsOver = true;
    };

    public static async Task NoLastChunkAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync(Ok, "Transfer-Encoding: chunked");
        await SendChunkAsync(answer, answer.Content!);
        answer.IsOver = true;
    }

    public static async Task EndlessHeadersAsync(LyingAnswer answer)
    {
        await answer.SendAsync("HTTP/1.1 200 OK\r\n");
        for (var n = 0; !answer.Stop.IsCancellationRequested; n++)
        {
            await answer.SendAsync($"X-{n}: {new string('x', 1000)}\r\n");
        }
    }

    public static async Task HugeHeaderAsync(LyingAnswer answer)
    {
        await answer.SendAsync("HTTP/1.1 200 OK\r\nX: ");
        while (!answer.Stop.IsCancellationRequested)
        {
            await answer.SendAsync(new string('x', 10_000));
        }
    }

    public static async Task EndlessInterimAsync(LyingAnswer answer)
    {
        while (!answer.Stop.IsCancellationRequested)
        {
            await answer.SendHeadAsync("103 Early Hints", "Link: </x>");
        }
    }

    public static Task WrongBytesAsync(LyingAnswer answer) => SendAsync(answer, Wrong(answer.Content!));

    /// <summary>Longer than anything signed, and says so.</summary>
    public static Task TooLongAsync(LyingAnswer answer) => SendAsync(answer, [.. answer.Content!, .. answer.Content!]);

    public static Task EmptyAsync(LyingAnswer answer) => SendAsync(answer, []);

    /// <summary>A whole second answer behind the first, on a connection that stays open.</summary>
    public static async Task SecondAnswerAsync(LyingAnswer answer)
    {
        // In one piece with the first, so that both are there when the next request is made.
        await HeadAsync(answer);
        await answer.SendAsync((byte[])[.. Rest(answer).Span, .. "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"u8]);
    }

    // Time.

    public static Task SilenceAsync(LyingAnswer answer) => answer.WaitAsync();

    /// <summary>The headers, a byte whenever <paramref name="tick"/> lets go.</summary>
    public static Lie SlowHeaders(Func<CancellationToken, Task> tick) => async answer =>
    {
        foreach (var letter in "HTTP/1.1 200 OK\r\n" + new string('x', 10_000))
        {
            await answer.SendAsync(letter.ToString());
            await tick(answer.Stop);
        }
    };

    /// <summary>The body, a byte whenever <paramref name="tick"/> lets go.</summary>
    public static Lie SlowBody(Func<CancellationToken, Task> tick) => async answer =>
    {
        await HeadAsync(answer);
        for (var at = 0; at < Rest(answer).Length; at++)
        {
            await answer.SendAsync(Rest(answer).Slice(at, 1));
            await tick(answer.Stop);
        }
    };

    public static Task SlowHeadersAsync(LyingAnswer answer) => SlowHeaders(_ => answer.TickAsync())(answer);

    /// <summary>A few bytes of the body, slowly, and then none.</summary>
    public static async Task SlowBodyAsync(LyingAnswer answer)
    {
        await HeadAsync(answer);
        for (var at = 0; at < Math.Min(Part, Rest(answer).Length); at++)
        {
            await answer.SendAsync(Rest(answer).Slice(at, 1));
            await answer.TickAsync();
        }

        await answer.WaitAsync();
    }

    /// <summary>All but the last bytes, and then nothing.</summary>
    public static async Task StallAsync(LyingAnswer answer)
    {
        await HeadAsync(answer);
        await answer.SendAsync(Rest(answer)[..Math.Max(0, Rest(answer).Length - 1)]);
        await answer.WaitAsync();
    }

    public static async Task ResetAsync(LyingAnswer answer)
    {
        await HeadAsync(answer);
        await answer.SendAsync(Rest(answer)[..Math.Min(Part, Rest(answer).Length)]);
        answer.Reset();
    }

    /// <summary>Answers, and closes the connection that it promised to keep.</summary>
    public static async Task CloseAfterAsync(LyingAnswer answer)
    {
        await Truth.TellAsync(answer);
        answer.IsOver = true;
    }

    // Ranges.

    /// <summary>The whole file, whatever part was asked for.</summary>
    public static Task WholeAsync(LyingAnswer answer) => SendAsync(answer, answer.Content!);

    /// <summary>A part with these words about it.</summary>
    public static Lie PartThatSays(Func<LyingAnswer, string?> range) => async answer =>
    {
        string[] headers = [$"Content-Length: {Rest(answer).Length}", $"ETag: {Truth.Tag(answer.Content!)}"];
        await answer.SendHeadAsync("206 Partial Content", range(answer) is { } text ? [.. headers, $"Content-Range: {text}"] : headers);
        await answer.SendAsync(Rest(answer));
    };

    public static async Task ManyPartsAsync(LyingAnswer answer)
    {
        var body = $"--b\r\nContent-Range: bytes {answer.Offset}-{answer.Content!.Length - 1}/{answer.Content.Length}\r\n\r\nwrong\r\n--b--\r\n";
        await answer.SendHeadAsync("206 Partial Content", "Content-Type: multipart/byteranges; boundary=b", $"Content-Length: {body.Length}");
        await answer.SendAsync(body);
    }

    public static Task NotSatisfiableAsync(LyingAnswer answer) =>
        answer.SendHeadAsync("416 Range Not Satisfiable", "Content-Length: 0", "Content-Range: bytes */1");

    /// <summary>Breaks each file off at its first request, and answers to the request for the rest in its own way.</summary>
    public static Lie BrokenOff(Lie rest)
    {
        var begun = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        return answer => begun.TryAdd(answer.Request.Path, true) ? ResetAsync(answer)
            : answer.Offset > 0 ? rest(answer)
            : Truth.TellAsync(answer);
    }

    /// <summary>A byte less than the range, and a length that says so.</summary>
    public static async Task ShortPartAsync(LyingAnswer answer)
    {
        var content = answer.Content!;
        await answer.SendHeadAsync("206 Partial Content", $"Content-Length: {Rest(answer).Length - 1}", $"ETag: {Truth.Tag(content)}",
            $"Content-Range: bytes {answer.Offset}-{content.Length - 2}/{content.Length}");
        await answer.SendAsync(Rest(answer)[..^1]);
    }

    /// <summary>More bytes than the range.</summary>
    public static async Task LongPartAsync(LyingAnswer answer)
    {
        await HeadAsync(answer);
        await answer.SendAsync((byte[])[.. Rest(answer).Span, .. "and more"u8]);
        answer.IsOver = true;
    }

    /// <summary>The whole of another file: this one changed meanwhile.</summary>
    public static async Task ChangedAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync(Ok, $"Content-Length: {answer.Content!.Length}", "ETag: \"other\"");
        await answer.SendAsync(Wrong(answer.Content));
    }

    /// <summary>The right range by its headers, with other bytes in it.</summary>
    public static async Task WrongRestAsync(LyingAnswer answer)
    {
        var content = answer.Content!;
        await answer.SendHeadAsync("206 Partial Content", $"Content-Length: {content.Length - answer.Offset}", $"ETag: {Truth.Tag(content)}",
            $"Content-Range: bytes {answer.Offset}-{content.Length - 1}/{content.Length}");
        await answer.SendAsync(Wrong(content).AsMemory(answer.Offset));
    }

    // Redirects.

    public static Lie RedirectTo(Func<LyingAnswer, string> place) => answer =>
        AnswerAsync(answer, "302 Found", "not the file", "Content-Length: 12", $"Location: {place(answer)}");

    public static Lie RedirectTo(string place) => RedirectTo(_ => place);

    /// <summary>Leads to the same file under another name, and says something else meanwhile.</summary>
    public static Lie RedirectThatSpeaks(string prefix) => async answer =>
    {
        if (answer.Request.Path.StartsWith(prefix, StringComparison.Ordinal))
        {
            await SendAsync(answer, answer.Content!);
            return;
        }

        var body = answer.Content is { } content ? Wrong(content) : [1, 2, 3];
        await answer.SendHeadAsync("302 Found", $"Content-Length: {body.Length}", $"Location: /{prefix}{answer.Request.Path}");
        await answer.SendAsync(body);
    };

    // Content.

    /// <summary>A few bytes that are 64 MiB when they are decoded as the headers say.</summary>
    public static async Task BombAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync(Ok, $"Content-Length: {Bomb.Value.Length}", "Content-Encoding: gzip");
        await answer.SendAsync(Bomb.Value);
    }

    static readonly Lazy<byte[]> Bomb = new(() =>
    {
        using var target = new MemoryStream();
        using (var packed = new System.IO.Compression.GZipStream(target, System.IO.Compression.CompressionLevel.Optimal))
        {
            packed.Write(new byte[64 << 20]);
        }

        return target.ToArray();
    });

    /// <summary>Other bytes at each request.</summary>
    public static Lie EverChanging()
    {
        byte asked = 0;
        return answer =>
        {
            var change = ++asked;
            return SendAsync(answer, [.. answer.Content!.Select(b => (byte)(b ^ change))]);
        };
    }

    /// <summary>The bytes of another file, whatever was asked for.</summary>
    public static Lie Another(Func<string, byte[]> file) => answer => SendAsync(answer, file(answer.Request.Path));

    /// <summary>Frames of HTTP/2: settings, and that it goes away.</summary>
    public static async Task GoAwayAsync(LyingAnswer answer)
    {
        await answer.SendAsync((byte[])[0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        answer.IsOver = true;
    }

    public static Task PortalAsync(LyingAnswer answer) => AnswerAsync(
        answer, Ok, "<html>Welcome! Please log in</html>", "Content-Type: text/html", "Content-Length: 35");

    public static Task WrongTypeAsync(LyingAnswer answer) => SayAsync(
        answer, $"Content-Length: {answer.Content!.Length}", "Content-Type: image/png; charset=\"?");

    /// <summary>Says that it is encoded in that way.</summary>
    public static Lie Encoded(params string[] encodings) => answer => SayAsync(
        answer, [$"Content-Length: {answer.Content!.Length}", .. encodings.Select(e => $"Content-Encoding: {e}")]);

    public static Lie Status(string status, params string[] headers) => answer =>
        AnswerAsync(answer, status, "", ["Content-Length: 0", .. headers]);

    public static Task FarDateAsync(LyingAnswer answer) => SayAsync(
        answer, $"Content-Length: {answer.Content!.Length}", "Date: Fri, 01 Jan 1999 00:00:00 GMT", "Age: 99999999999999999999", "Expires: 0");

    public static async Task UpgradeAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync("101 Switching Protocols", "Upgrade: h2c", "Connection: Upgrade");
        await answer.SendAsync(answer.Content);
        answer.IsOver = true;
    }

    public static async Task NoHttpAsync(LyingAnswer answer)
    {
        await answer.SendAsync("220 mail.test ESMTP\r\n");
        answer.IsOver = true;
    }

    // Several answers.

    /// <summary>A lie for the first requests, and another for all after them.</summary>
    public static Lie First(int count, Lie lie, Lie? then = null)
    {
        var asked = 0;
        return answer => Interlocked.Increment(ref asked) <= count ? lie(answer) : (then ?? Truth.TellAsync)(answer);
    }

    static ReadOnlyMemory<byte> Rest(LyingAnswer answer) => answer.Content.AsMemory(Math.Min(answer.Offset, answer.Content!.Length));

    /// <summary>The headers of the truth.</summary>
    static Task HeadAsync(LyingAnswer answer)
    {
        var content = answer.Content!;
        string[] headers = [$"Content-Length: {Rest(answer).Length}", $"ETag: {Truth.Tag(content)}"];
        return answer.Offset == 0
            ? answer.SendHeadAsync(Ok, headers)
            : answer.SendHeadAsync("206 Partial Content", [.. headers, $"Content-Range: bytes {answer.Offset}-{content.Length - 1}/{content.Length}"]);
    }

    static byte[] Wrong(byte[] content) => [.. content.Select(b => (byte)(b ^ 1))];

    static async Task SendAsync(LyingAnswer answer, byte[] content)
    {
        await answer.SendHeadAsync(Ok, $"Content-Length: {content.Length}");
        await answer.SendAsync(content);
    }

    static async Task SayAsync(LyingAnswer answer, params string[] headers)
    {
        await answer.SendHeadAsync(Ok, headers);
        await answer.SendAsync(answer.Content);
    }

    static async Task AnswerAsync(LyingAnswer answer, string status, string body, params string[] headers)
    {
        await answer.SendHeadAsync(status, headers);
        await answer.SendAsync(body);
    }

    static async Task SendChunkAsync(LyingAnswer answer, byte[] chunk)
    {
        await answer.SendAsync($"{chunk.Length:x}\r\n");
        await answer.SendAsync(chunk);
        await answer.SendAsync("\r\n");
    }
}
